package dev.backprop.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/// Answers everything that goes wrong in or before a controller.
@RestControllerAdvice
final class ProblemAdvice {

  private final ProblemAnswers answers;

  ProblemAdvice(ProblemAnswers answers) {
    this.answers = answers;
  }

  @ExceptionHandler
  void answer(Throwable fault, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    answers.answer(fault, request, response);
  }
}
