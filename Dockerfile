# The image holds what `scripts/pack.ts` lays out: built JavaScript and the libraries of the lockfile.
# tests/packed-install.test.ts runs the same layout with the command and the settings below.
FROM node:26-slim AS build
WORKDIR /build
COPY . .
RUN npm ci --no-audit --no-fund
RUN npm run pack -- /app

FROM node:26-slim
COPY --from=build /app /app
RUN install --directory --owner=node --group=node --mode=0700 /data
ENV NODE_ENV=production HOST=0.0.0.0 EVENT_STORE_DATA=/data/store
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/-/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The heap bounds keep garbage collection from waiting for a heap as large as the machine.
ENTRYPOINT ["node", "--max-semi-space-size=8", "--max-old-space-size=1024", "/app/node_modules/event-store/dist/main.js"]
CMD ["serve"]
