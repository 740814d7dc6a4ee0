#!/usr/bin/env bash
# .ci/tls.sh JAVA JAR DIRECTORY: starts the jar with a certificate of its own, asks it over TLS, replaces the certificate,
# and waits until the new one is served. The four properties are those of docs/operations.md.
set -euo pipefail
java=$1 jar=$2 directory=$3
fail() { echo "$*" >&2; exit 1; }

# certificate SERIAL: makes one, and puts it and its key where the service reads them.
certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -set_serial "$1" \
    -keyout "$directory/new-key.pem" -out "$directory/new-certificate.pem" 2>/dev/null
  mv "$directory/new-key.pem" "$directory/key.pem"
  mv "$directory/new-certificate.pem" "$directory/certificate.pem"
}

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
ask() { curl -sf --max-time 5 --cacert "$directory/certificate.pem" "$@"; }
served() { openssl s_client -connect "127.0.0.1:$port" </dev/null 2>/dev/null | openssl x509 -noout -serial; }

# until_is SECONDS WHAT COMMAND…: asks again and again.
until_is() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    kill -0 "$service" 2>/dev/null && [ "$SECONDS" -lt "$deadline" ] || { tail -30 "$directory/service.log"; fail "not $what"; }
    sleep 0.2
  done
}

certificate 0x1111
"$java" -Xmx1g -jar "$jar" --server.port="$port" --backprop.data-directory="$directory/data" \
  --server.ssl.bundle=service \
  --spring.ssl.bundle.pem.service.keystore.certificate="$directory/certificate.pem" \
  --spring.ssl.bundle.pem.service.keystore.private-key="$directory/key.pem" \
  --spring.ssl.bundle.pem.service.reload-on-update=true >"$directory/service.log" 2>&1 &
service=$!
trap 'kill "$service" 2>/dev/null || true' EXIT

until_is 90 "ready over TLS" ask "https://localhost:$port/actuator/health/readiness"
[ "$(served)" = serial=1111 ] || fail "another certificate is served: $(served)"
headers=$(ask -D - -o /dev/null "https://localhost:$port/api/v1")
grep -qi '^Strict-Transport-Security: max-age=' <<<"$headers" || fail "no HSTS over TLS: $headers"
! curl -sf -o /dev/null "http://localhost:$port/api/v1" || fail "the service answers without TLS"
! openssl s_client -connect "127.0.0.1:$port" -tls1_1 </dev/null >/dev/null 2>&1 || fail "TLS 1.1 is spoken"

certificate 0x2222
# The service waits for ten seconds without a change, so that a half-written certificate is not read.
is_new() { [ "$(served)" = serial=2222 ]; }
until_is 60 "served with the new certificate" is_new
ask "https://localhost:$port/api/v1" >/dev/null || fail "no answer with the new certificate"
kill -0 "$service" || fail "the service ended"
echo "answered over TLS; another certificate is served without a restart"
