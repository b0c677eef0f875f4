import "./style.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Page } from "./page/page.tsx";

const root = document.getElementById("page");
if (root === null) throw new TypeError('index.html has no element "page"');
createRoot(root).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
