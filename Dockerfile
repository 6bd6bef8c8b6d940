# syntax=docker/dockerfile:1
#
#   docker build -t orchestrate .
#   docker run --rm -it --user "$(id -u):$(id -g)" -v "$PWD:/work" -v orchestrate-state:/state \
#     orchestrate migrate --plan plan.yaml
#
# The image does not contain the programs that workers and checks call, such as python3. Add them in an image that starts
# FROM this one. docs/docker.md lists which parts of this file were tested.

FROM swift:6.2-bookworm AS build
WORKDIR /source
# Dependencies first: a change of the sources then installs nothing again.
COPY scripts/install-dependencies scripts/install-dependencies
RUN scripts/install-dependencies && rm -rf /var/lib/apt/lists/*
COPY Package.swift ./
COPY Sources Sources
COPY Benchmarks Benchmarks
COPY Tests Tests
# The commit that `orchestrate --version` names: docker build --build-arg ORCHESTRATE_COMMIT="$(git rev-parse --short=10 HEAD)"
ARG ORCHESTRATE_COMMIT
COPY scripts/small-icu scripts/small-icu
RUN library=$(scripts/small-icu /icu.a) && mv /icu.a "$library" \
    && swift build --configuration release --static-swift-stdlib --product orchestrate \
    && install -D "$(swift build --configuration release --static-swift-stdlib --show-bin-path)/orchestrate" \
        /prefix/bin/orchestrate \
    && strip /prefix/bin/orchestrate
COPY workers /prefix/share/orchestrate/workers
RUN /prefix/bin/orchestrate --version

FROM debian:bookworm-slim AS tree
COPY scripts/image-packages scripts/install-dependencies /tmp/
RUN /tmp/image-packages && rm /tmp/image-packages /tmp/install-dependencies
COPY --from=build /prefix /usr/local
# A user who is not root, and a state folder on which a volume can be mounted.
RUN useradd --create-home --uid 1000 orchestrate \
    && install -d -o orchestrate -g orchestrate -m 0777 /state /work

# One layer: what was removed takes no room.
FROM scratch
COPY --from=tree / /
USER orchestrate
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ENV XDG_STATE_HOME=/state LANG=C.UTF-8
WORKDIR /work
ENTRYPOINT ["orchestrate"]
CMD ["--help"]
