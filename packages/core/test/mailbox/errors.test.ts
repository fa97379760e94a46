import {
  ActorCrashedError,
  ActorStoppedError,
  Mailbox,
  MailboxClosedError,
  MailboxFullError,
} from "@sup/core";
import { describe, expect, it } from "vitest";
import { type Desk, mailboxOf, rejectionOf, Stage, takeFrom } from "./scene.ts";

async function full(): Promise<Error> {
  return rejectionOf(mailboxOf(1, { capacity: 1 }).mailbox.tryCall("ask", 1));
}

async function closed(): Promise<Error> {
  const mailbox = new Mailbox<Desk>();
  mailbox.close();
  return rejectionOf(mailbox.call("ask", 1));
}

async function crashed(): Promise<Error> {
  const mailbox = new Mailbox<Desk>();
  await using stage = new Stage(mailbox, { policy: "temporary" });
  const asked = mailbox.call("ask", 1);
  await takeFrom(mailbox, stage.context.signal);
  stage.puppet.life.crash(new Error("boom"));
  return rejectionOf(asked);
}

async function stopped(): Promise<Error> {
  const mailbox = new Mailbox<Desk>();
  const stage = new Stage(mailbox);
  await stage.root.stop();
  return rejectionOf(mailbox.call("ask", 1));
}

describe("errors of a mailbox", () => {
  it.each([
    ["MailboxFullError", MailboxFullError, "MAILBOX_FULL", full],
    ["MailboxClosedError", MailboxClosedError, "MAILBOX_CLOSED", closed],
    ["ActorCrashedError", ActorCrashedError, "ACTOR_CRASHED", crashed],
    ["ActorStoppedError", ActorStoppedError, "ACTOR_STOPPED", stopped],
  ] as const)("have a class, a name and a stable code: %s", async (name, kind, code, provoke) => {
    const error = await provoke();
    expect(error).toBeInstanceOf(kind);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name, code });
    expect(error.message).toContain('"ask"');
    expect(error.stack).toContain(`${name}: ${error.message}`);
  });

  it("name the crash as the cause, and nothing where there was none", async () => {
    expect((await crashed()).cause).toMatchObject({ message: "boom" });
    expect((await stopped()).cause).toBeUndefined();
  });
});
