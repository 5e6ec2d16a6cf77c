# PostgreSQL of Debian with turnstone in it, and the command-line client.
#
#     docker build -t turnstone-postgres:15 .
#     docker run -e POSTGRES_PASSWORD=secret -p 127.0.0.1:5432:5432 -v app:/var/lib/postgresql turnstone-postgres:15
#
# Another Debian has another major: --build-arg DEBIAN=trixie --build-arg MAJOR=17.
ARG DEBIAN=bookworm
ARG MAJOR=15

FROM debian:${DEBIAN}-slim AS build
ARG MAJOR
RUN apt-get update && apt-get install -y --no-install-recommends g++ make libfmt-dev nlohmann-json3-dev libpq-dev \
        libcli11-dev libtomlplusplus-dev postgresql-server-dev-${MAJOR}
WORKDIR /src
COPY . .
RUN make -j"$(nproc)" PG_CONFIG=/usr/lib/postgresql/${MAJOR}/bin/pg_config all && \
    make PG_CONFIG=/usr/lib/postgresql/${MAJOR}/bin/pg_config DESTDIR=/installed install

FROM debian:${DEBIAN}-slim
ARG MAJOR
ENV PATH=/usr/lib/postgresql/${MAJOR}/bin:$PATH PGDATA=/var/lib/postgresql/data LANG=C.UTF-8
RUN apt-get update && \
    apt-get install -y --no-install-recommends postgresql-common && \
    sed -i 's/^#\? *create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf && \
    apt-get install -y --no-install-recommends postgresql-${MAJOR} libpq5 && \
    rm -rf /var/lib/apt/lists/*
COPY --from=build /installed/ /
COPY scripts/docker-entrypoint /usr/local/bin/docker-entrypoint
USER postgres
VOLUME /var/lib/postgresql
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint"]
CMD ["postgres"]
