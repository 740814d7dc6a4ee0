package dev.backprop.platform.http;

import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.ForwardedHeaderFilter;

/// The first of all filters: keeps who is at the other end of the connection, see [Peer], and makes
/// the request say what the client asked for if a trusted proxy tells it. To everybody after it
/// there are no headers of proxies.
@Component
@Order(FilterOrder.PROXY)
final class ProxyFilter implements Filter {

  /// Those that Spring's filter reads and removes.
  private static final List<String> HEADERS =
      List.of(
          "X-Forwarded-For",
          "X-Forwarded-Proto",
          "X-Forwarded-Host",
          "X-Forwarded-Port",
          "X-Forwarded-Prefix",
          "X-Forwarded-Ssl",
          "Forwarded");

  private static final Pattern SCHEME = Pattern.compile("https?");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._~-]+|\\[[0-9a-fA-F:.]+]");
  private static final Pattern PREFIX =
      Pattern.compile("(/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*");
  private static final int MAX_PORT = 65_535;

  private final List<AddressBlock> trusted;
  private final ProblemAnswers answers;
  private final ForwardedHeaderFilter believing = new ForwardedHeaderFilter();
  private final ForwardedHeaderFilter removing = new ForwardedHeaderFilter();

  ProxyFilter(HttpProperties properties, ProblemAnswers answers) {
    this.trusted = properties.trustedBlocks();
    this.answers = answers;
    removing.setRemoveOnly(true);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    boolean forwarded = isForwarded(http);
    Peer peer = new Peer(http.getRemoteAddr(), forwarded);
    peer.keepIn(http);
    if (!forwarded) {
      chain.doFilter(request, response);
    } else if (AddressBlock.anyContains(trusted, peer.address())) {
      believe(http, (HttpServletResponse) response, chain);
    } else {
      removing.doFilter(request, response, chain);
    }
  }

  private static boolean isForwarded(HttpServletRequest request) {
    for (String header : HEADERS) {
      if (request.getHeader(header) != null) {
        return true;
      }
    }
    return false;
  }

  private void believe(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    ProxyResponse answer = new ProxyResponse(response);
    try {
      believing.doFilter(
          request,
          answer,
          (told, wrapped) -> {
            check((HttpServletRequest) told);
            answer.isBelieved = true;
            chain.doFilter(told, wrapped);
          });
    } catch (ProblemException e) {
      if (answer.isBelieved) {
        throw e;
      }
      answers.answer(e, request, response);
    }
  }

  private static void check(HttpServletRequest told) {
    check("X-Forwarded-Proto", SCHEME, told.getScheme(), "must be http or https");
    check("X-Forwarded-Host", HOST, told.getServerName(), "must be a host");
    check("X-Forwarded-Prefix", PREFIX, told.getContextPath(), "must be a path");
    int port = told.getServerPort();
    if (port < 1 || port > MAX_PORT) {
      throw refused("X-Forwarded-Port: must be from 1 to %d, was %d".formatted(MAX_PORT, port));
    }
  }

  private static void check(String header, Pattern pattern, String value, String rule) {
    if (value == null || !pattern.matcher(value).matches()) {
      throw refused("%s: %s, was '%s'".formatted(header, rule, Excerpt.of(String.valueOf(value))));
    }
  }

  private static ProblemException refused(String detail) {
    return new ProblemException(ProblemCode.BAD_REQUEST, detail);
  }

  /// Spring's filter sends a bare status if it cannot read a header.
  private static final class ProxyResponse extends HttpServletResponseWrapper {

    private boolean isBelieved;

    ProxyResponse(HttpServletResponse response) {
      super(response);
    }

    @Override
    public void sendError(int status) throws IOException {
      if (!isBelieved) {
        throw refused("the proxy's headers, Forwarded or X-Forwarded-…, are malformed");
      }
      super.sendError(status);
    }
  }
}
