/** What `--help` prints. */
export const help = `A small gateway: keeps a tank of water warm over Modbus TCP, under supervision.

Usage: npm start -- [flags]

  --port N       serve the dashboard on 127.0.0.1:N, 8080 unless given; 0 takes a free port
  --chaos        make the demo's own counterparts fail again and again, to watch the gateway recover
  --calm N       seconds between two troubles of --chaos, 7 unless given
  --speed N      let the simulated water warm and cool N times as fast, 1 to 50
  --modbus tcp://HOST[:PORT][?unit=N][&meter=N][&circulation=N][&supply=N]
                 use a real heater instead of the simulated one; port 502 and unit 1 unless given.
                 Input register 0 is read: the temperature in tenths of a degree Celsius, signed.
                 Coil 0 is read and SWITCHED: the heater.
                 Where a meter is given, input registers 0 and 1 of that unit are read: watts, float32.
                 Of each pump that is given, input registers 0 to 2 are read: speed in tenths of a
                 percent, flow in tenths of a litre a minute, fault. Its holding registers 0 and 1 are
                 WRITTEN: speed to run at, in tenths of a percent, and 1 to acknowledge a fault.
  --ws URL       follow another price feed, ws: or wss:; a message is the price of a kilowatt-hour in
                 euros, as a number or as {"price": number}
  --sse URL      follow another stream of alarms, http: or https:; each event is an alarm
  --exec 'COMMAND'
                 run another sidecar, by the shell; each line of its output is the temperature
                 outside, in degrees Celsius
  --help         print this

Colours are for terminals only; NO_COLOR=1 turns them off.
`;
