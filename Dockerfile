# A small image with clauselint and the git that --since runs:
#
#     docker build -t clauselint .
#     docker run --rm -v "$PWD:/work:ro" clauselint check
FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /build
COPY Cargo.toml Cargo.lock build.rs ./
COPY rules rules
COPY src src
RUN cargo build --release --locked --bin clauselint

FROM alpine:3.22
# The folder that is mounted belongs to somebody else, which git would refuse.
RUN apk add --no-cache git && git config --system --add safe.directory /work && adduser -D -u 10001 clauselint
COPY --from=build /build/target/release/clauselint /usr/local/bin/clauselint
USER 10001
WORKDIR /work
ENTRYPOINT ["clauselint"]
CMD ["--help"]
