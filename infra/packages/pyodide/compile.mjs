// Runs a Python script in CPython compiled to WebAssembly: node compile.mjs PYODIDE SCRIPT TREE PART…
// The script sees TREE as /tree; everything else of this machine is out of its sight.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [pyodide, script, tree, ...parts] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`).href);
const python = await loadPyodide({ env: { HOME: "/", PYTHONHASHSEED: "0" } });
python.FS.mkdir("/tree");
python.FS.mount(python.FS.filesystems.NODEFS, { root: tree }, "/tree");
python.globals.set("arguments", python.toPy(["compile_tree.py", "/tree", ...parts]));
python.runPython("import sys; sys.argv = arguments");
python.runPython(readFileSync(script, "utf8"));
