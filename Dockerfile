# The image of a node, and with --target dev one for development. Both builders of Docker build it.
# `make build` passes AUREON_COMMIT and SOURCE_DATE_EPOCH, so that `aureon version` says what it was built from.

ARG BUN_VERSION=1.4.5

FROM oven/bun:${BUN_VERSION} AS build
WORKDIR /src
COPY package.json bun.lock ./
RUN bun install --frozen-lockfile --production
COPY tsconfig.json ./
COPY scripts ./scripts
COPY src ./src
ARG AUREON_COMMIT
ARG SOURCE_DATE_EPOCH
# The empty folder gives a fresh volume its owner.
RUN bun scripts/build.ts && mkdir /data

FROM oven/bun:${BUN_VERSION} AS dev
USER root
WORKDIR /src
COPY package.json bun.lock ./
RUN bun install --frozen-lockfile
RUN apt-get update \
 && apt-get install -y --no-install-recommends bash ca-certificates curl git jq make netcat-openbsd procps \
 && rm -rf /var/lib/apt/lists/*
COPY . .
# Finds all packages there, and notes it for make.
RUN make install
COPY --from=build /src/dist/aureon /usr/local/bin/aureon
ENTRYPOINT []
CMD ["bash"]

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/dist/aureon /usr/local/bin/aureon
COPY --from=build --chown=65532:65532 /data /var/aureon
COPY config.toml /etc/aureon/config.toml
# The native secp256k1 is written to a file before it is loaded, and SQLite may need one too. The data folder takes them
# where the rest of the container is read-only, or /tmp allows no executables.
ENV AUREON_API_HOST=0.0.0.0 BUN_TMPDIR=/var/aureon SQLITE_TMPDIR=/var/aureon
WORKDIR /var/aureon
VOLUME ["/var/aureon"]
EXPOSE 6000 8080 8081 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/usr/local/bin/aureon", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/aureon"]
CMD ["start", "--config", "/etc/aureon/config.toml", "--datadir", "/var/aureon"]
