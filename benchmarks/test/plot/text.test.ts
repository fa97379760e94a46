import { describe, expect, it } from "vitest";
import { widthOf, wrapped } from "../../lib/plot/text.ts";

describe("wrapped", () => {
  it("fills lines as far as they have room, and loses no word", () => {
    const text = "a request and its reply, one after the other";
    const room = widthOf("a request and its reply,", 13);

    expect(wrapped(text, 13, room)).toEqual(["a request and its reply,", "one after the other"]);
    expect(wrapped(text, 13, widthOf(text, 13))).toEqual([text]);
  });

  it("gives a word that is too long a line of its own", () => {
    expect(wrapped("an incomprehensibility", 13, 30)).toEqual(["an", "incomprehensibility"]);
  });
});
