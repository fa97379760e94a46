"""Uses the heater at 127.0.0.1 and the port that is given, by pymodbus, and prints what it got as a line of JSON."""

import json
import sys

from pymodbus.client import ModbusTcpClient

client = ModbusTcpClient("127.0.0.1", port=int(sys.argv[1]))
assert client.connect(), "no connection"


def power():
    return client.read_input_registers(1, count=1).registers[0]


def code(answer):
    return answer.exception_code if answer.isError() else None


report = {"power": [power()]}
report["temperature"] = client.read_input_registers(0, count=1).registers[0]
report["tooHot"] = client.read_discrete_inputs(0, count=1).bits[0]

client.write_coil(0, True)
report["power"].append(power())
report["coil"] = client.read_coils(0, count=1).bits[0]
client.write_coils(0, [False])
report["power"].append(power())

client.write_register(0, 4711)
client.write_registers(1, [1, 65535])
report["notes"] = client.read_holding_registers(0, count=4).registers

PUMP = {"slave": 3}
client.write_register(0, 250, **PUMP)
report["pump"] = {
    "setPoint": client.read_holding_registers(0, count=1, **PUMP).registers[0],
    "speed and fault": client.read_input_registers(0, count=3, **PUMP).registers[::2],
}

report["exceptions"] = {
    "coil 1": code(client.read_coils(1, count=1)),
    "note 8": code(client.write_register(8, 1)),
    "notes 7 and 8": code(client.write_registers(7, [1, 2])),
    "function 22": code(client.mask_write_register(0, 0, 0)),
}
client.close()
print(json.dumps(report))
