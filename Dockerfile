# One image for every Airflow component of docker-compose.yml. Everything installed stands, with its hash, in requirements-celery.lock.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# the account that runs everything; it owns the state folder and nothing else
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/dateline --shell /usr/sbin/nologin dateline \
    && chmod 0711 /var/lib/dateline

WORKDIR /opt/dateline
COPY requirements-celery.lock ./
RUN pip install --require-hashes --no-deps -r requirements-celery.lock

# not installed but put on the path: an installation would fetch build tools that no lock pins
COPY src ./src
COPY dags ./dags
COPY plugins ./plugins
COPY pyproject.toml LICENSE README.md ./
ENV PYTHONPATH=/opt/dateline/src
RUN python -m compileall -q src dags plugins \
    && printf '#!/bin/sh\nexec python -c "from dateline.cli import main; main()" "$@"\n' > /usr/local/bin/dateline \
    && chmod 0755 /usr/local/bin/dateline

USER dateline
VOLUME ["/var/lib/dateline"]
EXPOSE 8080
CMD ["dateline", "--help"]
