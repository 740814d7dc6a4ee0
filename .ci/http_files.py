#!/usr/bin/env python3
"""Runs the .http files top to bottom against a running service and checks that each request answers as it says.

    python3 .ci/http_files.py http://127.0.0.1:8080 [--key KEY] [http-requests/one.http …]

Files that need a key (`@key`) are left out unless one is given.

A request says `# expect STATUS TEXT`: the status, and a text that the headers or the body of the answer contain. Understands
what the usual HTTP clients of editors have in common, `{{name.response.body.$.field}}`, bodies from files (`< FILE`) and answers
into files (`>>! FILE`).
"""

import http.client
import json
import pathlib
import re
import sys
import urllib.parse

FILES = pathlib.Path(__file__).resolve().parent.parent / "http-requests"


class Runner:
    def __init__(self, base, key=None):
        self.base, self.key, self.passed, self.failed = base.rstrip("/"), key, 0, 0

    def run(self, file):
        print(f"\n# {file.name}", flush=True)
        variables, answers = {}, {}

        def fill(text):
            def value(match):
                name = match.group(1).strip()
                if ".response.body." in name:
                    request, _, path = name.partition(".response.body.")
                    found = answers[request]
                    for key in path.removeprefix("$.").split("."):
                        found = found[key]
                    return str(found)
                return variables[name]

            return re.sub(r"\{\{(.*?)\}\}", value, text)

        title = ""
        for block in re.split(r"(?m)^(?=###)", file.read_text(encoding="utf-8")):
            lines = block.splitlines()
            if lines and lines[0].startswith("###"):
                title = lines.pop(0)[3:].strip() or title
            name = expected = None
            while lines and (not lines[0].strip() or lines[0][0] in "#@"):
                line = lines.pop(0).strip()
                if line.startswith("@"):
                    key, _, value = line[1:].partition("=")
                    variables[key.strip()] = fill(value.strip())
                    if key.strip() == "host":
                        variables["host"] = self.base
                    if key.strip() == "key":
                        variables["key"] = self.key
                elif line.startswith("# @name"):
                    name = line.split()[2]
                elif line.startswith("# expect"):
                    expected = line.split(None, 3)[2:]
            if not lines:
                continue
            method, target = fill(lines.pop(0)).split(None, 1)
            headers = {}
            while lines and lines[0].strip():
                key, _, value = fill(lines.pop(0)).partition(":")
                headers[key.strip()] = value.strip()
            kept = [file.parent / line[3:].strip() for line in lines if line.startswith(">>!")]
            body = "\n".join(line for line in lines if not line.startswith(">>!")).strip("\n")
            if body.startswith("< "):
                content = (file.parent / body[2:].strip()).read_bytes()
            else:
                content = (fill(body) + "\n").encode() if body else None
                if content and headers.get("Content-Type", "").startswith("multipart/"):
                    content = content.replace(b"\n", b"\r\n")  # as editors send forms
            self.check(title, name, expected, fill, answers, method, target, headers, content, kept)

    def check(self, title, name, expected, fill, answers, method, target, headers, content, kept):
        url = urllib.parse.urlsplit(target)
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=90)
        try:
            connection.request(method, url.path + (f"?{url.query}" if url.query else ""), content, headers)
            response = connection.getresponse()
            received = response.read()
            for path in kept:
                path.write_bytes(received)
            text = received.decode("utf-8", "replace")
            seen = f"{response.status} {response.headers}{text}"
            if name:
                answers[name] = json.loads(text)
        except (OSError, http.client.HTTPException, ValueError) as error:
            response, seen = None, f"{type(error).__name__}: {error}"
        finally:
            connection.close()
        if expected is None:
            ok, wanted = False, "an `# expect` line"
        else:
            wanted = " ".join(map(fill, expected))
            status, _, contained = wanted.partition(" ")
            ok = response is not None and response.status == int(status) and contained.replace(" ", "") in seen.replace(" ", "")
        self.passed += ok
        self.failed += not ok
        print(f"ok    {title}" if ok else f"FAIL  {title}: {method} {target}: expected {wanted}, got {seen[:600]}", flush=True)


def main():
    arguments = sys.argv[2:]
    key = None
    if arguments[:1] == ["--key"]:
        key, arguments = arguments[1], arguments[2:]
    runner = Runner(sys.argv[1], key)
    for file in [pathlib.Path(name) for name in arguments] or sorted(FILES.glob("*.http")):
        if key is None and re.search(r"(?m)^@key\b", file.read_text(encoding="utf-8")):
            print(f"\n# {file.name} needs a key", flush=True)
            continue
        try:
            runner.run(file)
        except (KeyError, ValueError) as error:
            runner.failed += 1
            print(f"FAIL  {file.name}: {type(error).__name__}: {error}", flush=True)
    print(f"\n{runner.passed} passed, {runner.failed} failed")
    sys.exit(1 if runner.failed else 0)


if __name__ == "__main__":
    main()
