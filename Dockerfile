# One image for every process; the command says which:
#   node dist/scripts/serve-web.mjs                               the pages, port 3000 (default)
#   node --enable-source-maps dist/websocket-standalone.mjs       a socket server, port 3001
#   node dist/scripts/db-migrate.mjs                              brings the database to this version, once
#   node dist/scripts/user-role.mjs EMAIL admin                   gives somebody a role
#   node dist/scripts/db-remove-demo.mjs                          takes the demo accounts out of the database
FROM node:24.21-bookworm-slim AS build
RUN npm install --global pnpm@10.34.9 && install --directory --owner=node --group=node /build
USER node
WORKDIR /build
ENV CI=true NEXT_TELEMETRY_DISABLED=1
# Packages first: this layer is made again only when the lockfile changes.
COPY --chown=node:node pnpm-lock.yaml pnpm-workspace.yaml package.json ./
RUN pnpm fetch
COPY --chown=node:node . .
# Known to browsers, so it is part of the build; leave it empty when one address serves everything.
ARG NEXT_PUBLIC_SOCKET_URL=
RUN pnpm install --offline --frozen-lockfile
RUN pnpm build:image && mkdir dist/image/logs

FROM node:24.21-bookworm-slim
ENV APP_ENV=production NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOST=:: LOG_DIR=/app/logs
WORKDIR /app
# All of it belongs to root, so no process can change it; the logs alone are the processes' own.
COPY --from=build --chown=root:root /build/dist/image ./
RUN chown node:node logs
USER node
EXPOSE 3000 3001
CMD ["node", "dist/scripts/serve-web.mjs"]
