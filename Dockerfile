# docker build --tag framewright . && docker run --rm --publish 4507:4507 framewright
FROM debian:12-slim AS build
WORKDIR /source
COPY . .
RUN ./run build && cmake --install build/release --strip --prefix /installed

FROM debian:12-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libfmt9 libmd0 libpcap0.8 libspdlog1.10 libzmq5 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --no-create-home --shell /usr/sbin/nologin framewright
COPY --from=build /installed/bin/framewright-server /usr/local/bin/
USER framewright
EXPOSE 4507
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["framewright-server", "--health-check"]
ENTRYPOINT ["framewright-server"]
