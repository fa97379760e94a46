"""A Modbus device by pymodbus: `tcp PORT`, `udp PORT`, `rtu-over-tcp PORT` on 127.0.0.1, or `rtu PATH`, `ascii PATH`.

Prints "ready" when it listens. Unit 1 has all 65,536 addresses of each kind; unit 2 has 10 of them. Registers hold their
address, input registers 65,535 minus their address; every third coil and every second discrete input is on.
"""

import asyncio
import socket
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.device import ModbusDeviceIdentification
from pymodbus.server import StartAsyncSerialServer, StartAsyncTcpServer, StartAsyncUdpServer
from pymodbus.transaction import ModbusAsciiFramer, ModbusRtuFramer, ModbusSocketFramer


def unit(size):
    def block(value):
        return ModbusSequentialDataBlock(0, [value(address) for address in range(size)])

    return ModbusSlaveContext(
        co=block(lambda address: address % 3 == 0),
        di=block(lambda address: address % 2 == 0),
        hr=block(lambda address: address),
        ir=block(lambda address: 65535 - address),
        zero_mode=True,
    )


def listens(port, kind):
    """Whether the port is taken: a UDP server cannot be asked."""
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind(("127.0.0.1", port))
            return False
        except OSError:
            return True


async def announce(is_ready):
    while not is_ready():
        await asyncio.sleep(0.02)
    print("ready", flush=True)


def server(transport, place, context):
    identity = ModbusDeviceIdentification(
        info_name={
            "VendorName": "sup",
            "ProductCode": "T" * 60,
            "MajorMinorRevision": "1.0",
            "VendorUrl": "V" * 100,
            "ProductName": "P" * 100,
            "ModelName": "M" * 100,
        }
    )
    common = {"context": context, "identity": identity}
    if transport in ("rtu", "ascii"):
        framer = ModbusRtuFramer if transport == "rtu" else ModbusAsciiFramer
        return StartAsyncSerialServer(
            framer=framer, port=place, baudrate=115200, timeout=0.005, **common
        )
    address = ("127.0.0.1", int(place))
    if transport == "udp":
        return StartAsyncUdpServer(framer=ModbusSocketFramer, address=address, **common)
    framer = ModbusRtuFramer if transport == "rtu-over-tcp" else ModbusSocketFramer
    return StartAsyncTcpServer(
        framer=framer, address=address, allow_reuse_address=True, **common
    )


async def main(transport, place):
    context = ModbusServerContext(slaves={1: unit(65536), 2: unit(10)}, single=False)
    if transport in ("rtu", "ascii"):
        # The port is open once the server task has run.
        turns = iter(range(10))
        is_ready = lambda: next(turns, None) is None
    else:
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        is_ready = lambda: listens(int(place), kind)
    await asyncio.gather(server(transport, place, context), announce(is_ready))


asyncio.run(main(*sys.argv[1:]))
