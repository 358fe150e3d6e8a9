import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

// One script and one style sheet, to be inlined: inside <script> neither "</script" nor "<!--" may occur. All the
// places they can occur in a bundle are string, template and regular-expression literals, where \x3C means "<".
function inlineSafe(): Plugin {
  return {
    name: "inline-safe",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === "chunk") file.code = file.code.replace(/<(?=!--|\/?script)/gi, "\\x3C");
      }
    },
  };
}

// The licences of what is in the bundle, beside it.
function licences(): Plugin {
  return {
    name: "licences",
    generateBundle(_, bundle) {
      const names = new Set<string>(["world-atlas"]); // its shapes come in through src/lib/world.json
      for (const file of Object.values(bundle)) {
        if (file.type !== "chunk") continue;
        for (const id of Object.keys(file.modules)) {
          const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll("\\", "/"));
          if (found) names.add(found[1]!);
        }
      }
      const texts = [...names].sort().map((name) => {
        const folder = join(import.meta.dirname, "node_modules", name);
        const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
        const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8").trim() : license;
        return `${name} ${version} (${license})\n\n${text}\n`;
      });
      this.emitFile({
        type: "asset",
        fileName: "LICENCES.txt",
        source:
          "The bundle page.js holds code and data of these packages. The shapes are Natural Earth's (public domain).\n\n" +
          texts.join("\n---\n\n"),
      });
    },
  };
}

export default defineConfig({
  plugins: [svelte(), inlineSafe(), licences()],
  json: { stringify: true },
  build: {
    target: "es2022",
    outDir: process.env.CROSSCUT_PAGE_OUT ?? "../src/crosscut/output/page/bundle",
    emptyOutDir: true,
    cssCodeSplit: false,
    reportCompressedSize: true,
    lib: {
      entry: "src/main.ts",
      formats: ["iife"],
      name: "CrosscutPage",
      fileName: () => "page.js",
      cssFileName: "page",
    },
  },
});
