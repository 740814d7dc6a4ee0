package dev.backprop.platform.http;

import dev.backprop.platform.limits.OutOfMemory;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Answers what other filters refuse, and whatever else came past the controllers.
@Component
@Order(FilterOrder.PROBLEMS)
final class ProblemFilter extends OncePerRequestFilter {

  private final ProblemAnswers answers;

  ProblemFilter(ProblemAnswers answers) {
    this.answers = answers;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      chain.doFilter(request, response);
      if (isBare(response)) {
        answers.write(
            response,
            ProblemAnswers.ofStatus(response.getStatus(), request.getRequestURI(), null),
            null);
      }
    } catch (ServletException e) {
      answers.answer(e.getRootCause() == null ? e : e.getRootCause(), request, response);
    } catch (IOException | RuntimeException e) {
      answers.answer(e, request, response);
    } catch (Error e) {
      // Tomcat would log it and go on.
      OutOfMemory.check(e);
      throw e;
    }
  }

  /// Whether a library has refused the request by a status alone.
  private static boolean isBare(HttpServletResponse response) {
    return response.getStatus() >= 400
        && !response.isCommitted()
        && response.getContentType() == null;
  }
}
