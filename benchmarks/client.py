"""Requests to a running service, for the scripts of benchmarks. Standard library only."""

import time
import urllib.error
import urllib.request


class Client:
    def __init__(self, base):
        self.base = base

    def call(self, method, path, body=None, **headers):
        """The body of the answer. Whatever is no success is an error that quotes it."""
        request = urllib.request.Request(self.base + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=1800) as answer:
                return answer.read()
        except urllib.error.HTTPError as e:
            raise RuntimeError(f"{method} {path}: {e.code} {e.read().decode()}") from e

    def ready(self):
        """Waits for the service to start."""
        for _ in range(600):
            try:
                return self.call("GET", "/actuator/health/readiness")
            except (OSError, RuntimeError):
                time.sleep(0.25)
        raise RuntimeError("the service did not become ready")
