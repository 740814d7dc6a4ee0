#!/usr/bin/env bash
# Runs the lines of docs/clients.md against a running service, holds its description against Redocly's rules, and compiles
# the types that openapi-typescript makes of it. Needs node, python3-requests, python3-pandas, and the test classes of the build.
#
#   .ci/clients.sh http://127.0.0.1:8080 JDK WORK_FOLDER
set -euo pipefail
base=$1 jdk=$2 work=$3
port=${base##*:}
block() { sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" docs/clients.md | grep -v '^```' | sed "s/localhost:8080/127.0.0.1:$port/g; s/\"localhost\").setPort(8080)/\"127.0.0.1\").setPort($port)/"; }

curl -sf "$base/v3/api-docs" >"$work/openapi.json"
npm install --silent --no-audit --no-fund --no-save --prefix "$work" @redocly/cli@2.77.0 openapi-typescript@7.13.0 typescript@5.9.3 @types/node@20
(cd "$work" && node_modules/.bin/redocly lint openapi.json 2>&1 | tail -3)

echo "-- curl"
block bash >"$work/client.sh"
bash -euo pipefail "$work/client.sh" >"$work/client.out"
head -c 300 <(sed -n 3p "$work/client.out"); echo
[ "$(tail -344 "$work/client.out" | grep -cE '^(Adelie|Chinstrap|Gentoo),')" = 344 ]

echo "-- Python"
block python >"$work/client.py"
/usr/bin/python3 "$work/client.py" | tail -3

echo "-- TypeScript"
(cd "$work" && node_modules/.bin/openapi-typescript openapi.json --default-non-nullable=false -o backprop.ts 2>&1 | tail -1)
block typescript >"$work/client.ts"
(cd "$work" && echo '{"type": "module"}' >package.json &&
  node_modules/.bin/tsc --strict --target es2022 --module esnext --moduleResolution bundler --types node --lib es2022,dom client.ts && node client.js)

echo "-- Java"
mvn -B -ntp -q dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile="$work/classpath"
{
  echo 'import dev.backprop.client.*; import dev.backprop.client.api.*; import dev.backprop.client.api.DataSetsApi.*;'
  echo 'import dev.backprop.client.api.PredictionsApi.*; import dev.backprop.client.model.*; import java.io.File;'
  echo 'public class Client { public static void main(String[] args) throws Exception {'
  block java
  echo '} }'
} >"$work/Client.java"
"$jdk/bin/javac" -proc:none -cp "target/test-classes:$(cat "$work/classpath")" -d "$work" "$work/Client.java"
"$jdk/bin/java" -cp "$work:target/test-classes:$(cat "$work/classpath")" Client | head -3
