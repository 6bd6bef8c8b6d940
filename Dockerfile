# syntax=docker/dockerfile:1
#
#   docker build -t orchestrate .
#   docker run --rm -it --user "$(id -u):$(id -g)" -v "$PWD:/work" -v orchestrate-state:/state \
#     orchestrate migrate --plan plan.yaml
#
# What the workers and checks of a plan call, such as python3, is not in the image and has to be added by one that starts
# FROM it. docs/docker.md says what of this file was tried and what was not.

FROM swift:6.2-bookworm AS build
WORKDIR /source
# First what changes least, so that a change of the sources fetches and installs nothing again.
COPY scripts/install-dependencies scripts/install-dependencies
RUN scripts/install-dependencies && rm -rf /var/lib/apt/lists/*
COPY Package.swift ./
COPY Sources Sources
COPY Benchmarks Benchmarks
COPY Tests Tests
RUN swift build --configuration release --static-swift-stdlib --product orchestrate \
    && install -D "$(swift build --configuration release --static-swift-stdlib --show-bin-path)/orchestrate" \
        /prefix/bin/orchestrate \
    && strip /prefix/bin/orchestrate
COPY workers /prefix/share/orchestrate/workers
RUN /prefix/bin/orchestrate --version

FROM debian:bookworm-slim
COPY scripts/install-dependencies /tmp/install-dependencies
RUN /tmp/install-dependencies --runtime && rm -rf /var/lib/apt/lists/* /tmp/install-dependencies
COPY --from=build /prefix /usr/local
# Somebody who is not root, and a state folder that survives the container where a volume is mounted on it.
RUN useradd --create-home --uid 1000 orchestrate \
    && install -d -o orchestrate -g orchestrate -m 0777 /state /work
USER orchestrate
ENV XDG_STATE_HOME=/state LANG=C.UTF-8
WORKDIR /work
ENTRYPOINT ["orchestrate"]
CMD ["--help"]
