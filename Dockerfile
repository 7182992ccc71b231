# Two variants: `full` has git and a shell for CI jobs, `slim` holds the program and nothing else.
FROM rust:1.95.0-alpine3.22 AS build
# Alpine serves only the newest build of each package: a pinned one would be gone in a few weeks.
# hadolint ignore=DL3018
RUN apk add --no-cache make musl-dev
WORKDIR /source
COPY . .
RUN cargo build --release --locked && strip target/release/taglint

FROM scratch AS slim
COPY --from=build /source/target/release/taglint /usr/local/bin/taglint
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/taglint"]
CMD ["check"]

FROM alpine:3.22.2 AS full
# hadolint ignore=DL3018
RUN apk add --no-cache bash git
COPY --from=build /source/target/release/taglint /usr/local/bin/taglint
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/taglint"]
CMD ["check"]
