import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const SERVER = "http://localhost:8000";

export default defineConfig({
  plugins: [react()],
  build: { modulePreload: { polyfill: false } },
  server: { proxy: { "/api": SERVER, "/ws": { target: SERVER, ws: true } } },
});
