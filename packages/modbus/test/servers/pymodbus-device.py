"""A Modbus TCP device by pymodbus on 127.0.0.1 and the port that is given; prints "ready" when it listens.

Unit 1 has all 65,536 addresses of each kind; unit 2 has 10 of them. Registers hold their address, input registers
65,535 minus their address; every third coil and every second discrete input is on.
"""

import asyncio
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncTcpServer


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


async def announce(port):
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            break
        except OSError:
            await asyncio.sleep(0.02)
    print("ready", flush=True)


async def main(port):
    context = ModbusServerContext(slaves={1: unit(65536), 2: unit(10)}, single=False)
    await asyncio.gather(
        StartAsyncTcpServer(context=context, address=("127.0.0.1", port), allow_reuse_address=True),
        announce(port),
    )


asyncio.run(main(int(sys.argv[1])))
