/*
 * A Modbus device by libmodbus: `tcp PORT` on 127.0.0.1, or `rtu PATH`. Prints "ready" when it listens. It has 500
 * addresses of each kind; registers hold their address, input registers 65,535 minus their address.
 */
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void serve(modbus_t *link, modbus_mapping_t *registers)
{
    uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
    for (;;) {
        int length = modbus_receive(link, query);
        if (length < 0)
            return;
        if (length > 0)
            modbus_reply(link, query, length, registers);
    }
}

int main(int count, char **arguments)
{
    if (count < 3)
        return 2;
    modbus_mapping_t *registers = modbus_mapping_new(500, 500, 500, 500);
    for (int at = 0; at < 500; at++) {
        registers->tab_registers[at] = at;
        registers->tab_input_registers[at] = 65535 - at;
        registers->tab_bits[at] = at % 3 == 0;
        registers->tab_input_bits[at] = at % 2 == 0;
    }
    if (strcmp(arguments[1], "rtu") == 0) {
        modbus_t *line = modbus_new_rtu(arguments[2], 115200, 'N', 8, 1);
        modbus_set_slave(line, 1);
        if (modbus_connect(line) != 0)
            return 1;
        puts("ready");
        fflush(stdout);
        for (;;)
            serve(line, registers);
    }
    modbus_t *network = modbus_new_tcp("127.0.0.1", atoi(arguments[2]));
    int listener = modbus_tcp_listen(network, 1);
    if (listener < 0)
        return 1;
    puts("ready");
    fflush(stdout);
    for (;;) {
        modbus_tcp_accept(network, &listener);
        serve(network, registers);
        modbus_close(network);
    }
}
