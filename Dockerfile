# Build: the jar, taken apart into layers that change at different speeds, and the native BLAS of this architecture.
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build

# The dependencies are a layer of their own, found by building a placeholder: a change of the sources does not fetch them again.
COPY pom.xml .
RUN mkdir -p src/main/java/p \
 && echo 'package p; final class P { private P() {} public static void main(String[] args) {} }' > src/main/java/p/P.java \
 && mvn -B -q -Dmaven.test.skip package \
 && rm -r src target

COPY src/main/java src/main/java
COPY src/main/resources src/main/resources
# There is no history here: whoever builds tells which commit it is.
ARG COMMIT=
RUN [ -z "$COMMIT" ] || echo "git.commit.id=$COMMIT" > src/main/resources/git.properties
RUN mvn -B -q -Dmaven.test.skip package \
 && java -Djarmode=tools -jar "target/backprop-$(sed -n 's|^  <version>\(.*\)</version>|\1|p' pom.xml).jar" extract --layers --application-filename backprop.jar --destination layers

# JavaCPP would unpack the natives into a writable cache at every start of a fresh container. Here they lie ready in a
# directory of their own, and the jars that carry them, for four platforms, stay out of the image.
RUN case "$(uname -m)" in aarch64) arch=arm64 ;; *) arch=$(uname -m) ;; esac \
 && mkdir natives unpacked && cd unpacked \
 && for jar in ../layers/dependencies/lib/openblas-*-linux-$arch.jar ../layers/dependencies/lib/javacpp-*-linux-$arch.jar; do jar xf "$jar"; done \
 && jar xf ../layers/dependencies/lib/sqlite-jdbc-*.jar org/sqlite/native/Linux/$(uname -m)/libsqlitejdbc.so \
 && case "$arch" in x86_64) zstd=amd64 ;; arm64) zstd=aarch64 ;; *) zstd=$arch ;; esac \
 && jar xf ../layers/dependencies/lib/zstd-jni-*.jar linux/$zstd && mv linux/$zstd/libzstd-jni-*.so libzstd-jni.so && rm -r linux \
 && find . -name '*.so*' ! -name 'libjniopenblas.so' ! -name 'libjniopenblas_full.so' -exec cp -L {} ../natives/ \; \
 && ln -s libopenblas.so.0 ../natives/libopenblas_nolapack.so.0 \
 && find ../layers/dependencies/lib -regex '.*\(linux\|macosx\|windows\)-[a-z0-9_]*\.jar' -delete

# Run.
FROM eclipse-temurin:25-jre
WORKDIR /app
COPY --from=build /build/natives/ natives/
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
# The list of what is in the jar, for scanners of images.
COPY --from=build /build/target/classes/META-INF/sbom/ sbom/
COPY src/main/docker/ docker/

ENV SERVER_ADDRESS=0.0.0.0

# Starts the service, trains and predicts once, and stops it: the classes seen on the way go into the cache, loaded and linked.
RUN mkdir cache data && chown 10001:10001 cache data
USER 10001:10001
RUN bash docker/make-aot-cache cache/backprop.aot

# The one place that the running service writes to, beside /tmp.
VOLUME /app/data
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["bash", "/app/docker/healthy"]

# Last, for another commit changes it. The version is that of pom.xml.
ARG COMMIT=
LABEL org.opencontainers.image.title="Backprop" \
      org.opencontainers.image.description="A REST microservice that trains neural networks and serves their predictions." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.6.0" \
      org.opencontainers.image.revision="$COMMIT"

ENTRYPOINT ["java", "@docker/jvm.options", "-XX:AOTCache=cache/backprop.aot", "-jar", "backprop.jar"]
