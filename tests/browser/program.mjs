// The program, serving its demo from a folder of its own on a free port.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const BINARY = fileURLToPath(new URL("../../target/debug/convene", import.meta.url));
const DEADLINE = 60_000;

export class Program {
  // Starts it; resolves when it has said where it is.
  static async start() {
    const program = new Program();
    program.folder = await mkdtemp(join(tmpdir(), "convene-"));
    const port = await freePort();
    program.child = spawn(BINARY, ["serve", "--demo"], {
      cwd: program.folder,
      env: { ...process.env, ROCKET_PORT: String(port) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    program.said = [];
    program.base = `http://127.0.0.1:${port}`;
    await within(DEADLINE, "the program to say where it is", new Promise((done, failed) => {
      program.child.once("exit", (code) => failed(new Error(`the program ended with ${code}`)));
      createInterface(program.child.stdout).on("line", (line) => {
        program.said.push(line);
        if (line.includes("everybody in this demo is made up")) done();
      });
    }));
    return program;
  }

  // The link that the demo prints for an organizer.
  get organizersLink() {
    return this.said.find((line) => line.includes("sign in as an organizer")).match(/https?:\S+/)[0];
  }

  // Runs a command beside it, over the same database.
  async run(...words) {
    const options = { cwd: this.folder, maxBuffer: 64 << 20 };
    return (await promisify(execFile)(BINARY, words, options)).stdout;
  }

  async stop() {
    this.child.removeAllListeners("exit");
    const over = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGTERM");
    const stuck = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    await over;
    clearTimeout(stuck);
    await rm(this.folder, { recursive: true, force: true });
  }
}

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer().once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function within(milliseconds, what, promise) {
  let timer;
  const late = new Promise((_, failed) => {
    timer = setTimeout(() => failed(new Error(`waited ${milliseconds} ms for ${what}`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
