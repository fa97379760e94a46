export type { ActorState } from "./lib/model/wire.ts";
