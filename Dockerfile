# syntax=docker/dockerfile:1
# Communiqué for a server: docs/operations.md says how it is run. Layers from what changes least to what changes most.

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# Only to build llama.cpp; pip brings cmake and ninja.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends g++ make \
 && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/communique
ENV PATH=/opt/communique/bin:$PATH
WORKDIR /src

# As the Makefile has it.
ARG TORCH=torch==2.13.0
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
# hadolint ignore=DL3013
RUN pip install --extra-index-url "$TORCH_INDEX" "$TORCH"
COPY requirements.lock ./
# The image may run on another processor than it was built on. Two options against a fault of GCC 12, as in the Makefile.
ARG LLAMA_CMAKE_ARGS=-DGGML_NATIVE=OFF
RUN CMAKE_ARGS="-DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_SERVER=OFF -DLLAVA_BUILD=OFF -DMTMD_BUILD=OFF -DLLAMA_CURL=OFF $LLAMA_CMAKE_ARGS -DCMAKE_C_FLAGS='-fno-tree-dse -fno-dse' -DCMAKE_CXX_FLAGS='-fno-tree-dse -fno-dse'" \
    pip install --no-deps --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY index index
COPY rag rag
COPY ui ui
RUN pip install --no-deps --no-build-isolation . && pip check && python -m compileall -q /opt/communique/lib


FROM python:3.11-slim-bookworm
# What llama.cpp and torch compute with.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgomp1 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin communique \
 && install -d -o communique -g communique /data
COPY --from=build /opt/communique /opt/communique
COPY seeds /srv/communique/seeds
WORKDIR /srv/communique

# All that is written lies in the volume, but for scratch files in /tmp.
ENV PATH=/opt/communique/bin:$PATH \
    HOME=/data \
    COMMUNIQUE_HOME=/data \
    COMMUNIQUE_LOG_FORMAT=json \
    GRADIO_ANALYTICS_ENABLED=False \
    GRADIO_TEMP_DIR=/tmp/gradio \
    HF_HOME=/data/huggingface \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
VOLUME /data
EXPOSE 7860
# The first start may load a large index and the model.
HEALTHCHECK --interval=30s --timeout=5s --start-period=180s --retries=3 \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 7860, timeout=4); c.request('GET', '/health'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["communique"]
CMD ["chat", "--host", "0.0.0.0"]
