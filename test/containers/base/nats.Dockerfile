# Stands in for nats:2-alpine: the server, and wget for health checks.
FROM debian:trixie-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends nats-server wget && rm -rf /var/lib/apt/lists/*
EXPOSE 4222 6222 8222
ENTRYPOINT ["nats-server"]
CMD ["-a", "0.0.0.0", "-m", "8222"]
