package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/// Answers everything that goes wrong in or before a controller. If a part of another answer is on
/// its way already, the [ProblemFilter] makes it break off.
@RestControllerAdvice
record ProblemAdvice(ProblemAnswers answers) {

  @ExceptionHandler
  void answer(Throwable fault, HttpServletRequest request, HttpServletResponse response)
      throws Throwable {
    if (response.isCommitted()) {
      throw fault;
    }
    answers.answer(fault, request, response);
  }
}
