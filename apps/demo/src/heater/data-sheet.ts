/**
 * What the heater has at its Modbus addresses, as its maker's data sheet would list it. The simulated device is built by
 * it, and whatever `--modbus` points at must have at least the temperature and the switch.
 */
export const dataSheet = {
  coils: {
    /** On: the heater heats. Off after power-up. */
    heater: 0,
  },
  discreteInputs: {
    /** On while the water is too hot. */
    tooHot: 0,
  },
  inputRegisters: {
    /** Water temperature in tenths of a degree Celsius, signed. */
    temperature: 0,
    /** Power that the heater draws, in watts. */
    power: 1,
  },
  holdingRegisters: {
    /** Eight registers from here on are free for notes; the device forgets them without power. */
    notes: 0,
  },
} as const;
