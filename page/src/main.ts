// The bundle: mounts a report into a page. The report file embeds its data; a workbench calls `mountReport` itself.
import { mount, unmount } from "svelte";
import Report from "./Report.svelte";
import { unpacked } from "./lib/packed";
import type { ReportData } from "./lib/types";
import "./style.css";

/** Shows a result in `target`; the function returned takes it down again. */
export function mountReport(target: Element, data: ReportData): () => void {
  target.replaceChildren();
  const report = mount(Report, { target, props: data });
  return () => void unmount(report);
}

const embedded = document.getElementById("crosscut-data");
const target = document.getElementById("crosscut-report");
if (embedded && target) mountReport(target, unpacked(JSON.parse(embedded.textContent ?? "") as ReportData));
