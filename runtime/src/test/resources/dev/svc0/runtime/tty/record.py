#!/usr/bin/env python3
"""Records on a real Linux what a terminal does with typed bytes: prints the lines of line-discipline.tsv.

Columns: input flags, output flags, local flags, VMIN, end-of-line character (VEOL), typed bytes, what the
master end reads, what reads of 20 bytes at the slave get one after another (an end of file is "eof").
Bytes are Python literals without the quotes."""
import os, pty, fcntl, termios as t, time, select

ICRNL, INLCR, IGNCR, IXON, IXANY, ISTRIP, IUCLC, IUTF8 = (
    t.ICRNL, t.INLCR, t.IGNCR, t.IXON, t.IXANY, t.ISTRIP, 0o1000, 0o40000)
OPOST, ONLCR, OCRNL, ONOCR, ONLRET, OLCUC, XTABS = (
    t.OPOST, t.ONLCR, t.OCRNL, t.ONOCR, t.ONLRET, t.OLCUC, t.TAB3)
STD_L = t.ISIG | t.ICANON | t.ECHO | t.ECHOE | t.ECHOK | t.ECHOCTL | t.ECHOKE | t.IEXTEN
STD = (ICRNL | IXON, OPOST | ONLCR, STD_L)

def case(flags, typed, vmin=1, eol=0):
    master, slave = os.openpty()
    a = t.tcgetattr(slave)
    a[0], a[1], a[3] = flags
    a[6][t.VMIN], a[6][t.VEOL] = vmin, eol
    t.tcsetattr(slave, t.TCSANOW, a)
    fcntl.fcntl(slave, fcntl.F_SETFL, os.O_NONBLOCK | os.O_RDWR)
    os.write(master, typed)
    time.sleep(0.05)
    echo = b''
    while select.select([master], [], [], 0.05)[0]:
        echo += os.read(master, 4096)
    reads = []
    while len(reads) < 50:
        try:
            got = os.read(slave, 20)
        except BlockingIOError:
            break
        reads.append(repr(got)[2:-1] if got else 'eof')
        if not got and not flags[2] & t.ICANON:
            break
    os.close(master); os.close(slave)
    def text(b): return repr(b)[2:-1].replace("\\'", "'") if not b"'" in b else b.decode('latin1')
    print('\t'.join([hex(flags[0]), hex(flags[1]), hex(flags[2] & 0xffffffff), str(vmin), str(eol), text(typed), text(echo), ' | '.join(reads)]))

def with_(i=None, o=None, l=None):
    return (STD[0] if i is None else i, STD[1] if o is None else o, STD[2] if l is None else l)

L = STD_L
print('# Recorded by record.py on Linux ' + os.uname().release)
for typed in [b'hello\n', b'ab\x7fc\n', b'\x7f\x7f\n', b'one two\x17three\n', b'one  two  \x17x\n', b'a_b-c\x17\n', b'abc\x15def\n',
              b'tab\there\x7f\x7f\x7f\x7f\x7fx\n', b'a\tb\t\x7f\x7f\x7fz\n', b'\t\x7fq\n', b'ctrl\x01\x02\x7f\x7f!\n', b'x\x16\x03y\n', b'x\x16\x7fy\n', b'ab\x12cd\n',
              b'line1\nline2\n', b'part\x04more\n', b'\x04', b'abc\x04\x04', b'a\rb\n', b'no newline', b'int\x03x\n', b'quit\x1cy\n',
              b'susp\x1az\n', b'stop\x13hidden\x11shown\n', b'01234567890123456789\n', b'0123456789012345678\n', b'01234567890123456789\x04',
              b'abcdefghijklmnopqrstuvwxyz\n', b'\xc3\xa9\x7f\n', b'\x1b[A\n', b'\x00\n', b'a\x0fb\n', b'mixed\x17\x17\n', b'\x15\n', b'a\x7f\x7f\x15\x17b\n']:
    case(STD, typed)
for typed in [b'\xc3\xa9x\x7f\x7f\n', b'a\xe2\x82\xacb\x7f\x7f\x7fz\n', b'\xc3\xa9\t\x7f\n', b'\xe2\x82\xac w\x17\n']:
    case(with_(i=ICRNL | IXON | IUTF8), typed)
for typed in [b'a\rb\nc\r\n']:
    for i in [0, ICRNL, INLCR, IGNCR, ICRNL | INLCR, ICRNL | IGNCR, INLCR | IGNCR]:
        case(with_(i=i), typed)
        case(with_(i=i, l=t.ECHO), typed)
for o in [0, OPOST, OPOST | ONLCR, OPOST | OCRNL, OPOST | ONOCR, OPOST | ONLRET, OPOST | ONLCR | XTABS, OPOST | OLCUC, OPOST | OCRNL | ONLRET, OPOST | ONOCR | ONLCR]:
    case(with_(i=0, o=o), b'aB\tc\rd\x08\tE\n')
    case(with_(i=0, o=o, l=t.ECHO), b'\rx\r\tyy\x08\n\r')
for l in [L & ~t.ECHO, L & ~t.ECHO | t.ECHONL, L & ~t.ECHOE, L & ~t.ECHOK, L & ~t.ECHOKE, L & ~(t.ECHOK | t.ECHOKE), L & ~t.ECHOCTL,
          L | t.ECHOPRT, L & ~t.IEXTEN, L & ~t.ISIG, L | t.NOFLSH, L & ~t.ECHOE & ~t.ECHOCTL]:
    for typed in [b'ab\x7fc\n', b'one two\x17x\x15yes\n', b'c\x01\x7f\n', b'q\x16\x03\x12r\n', b'flush\x03kept\n', b'abc\x7f\x7fd\x7f\n']:
        case(with_(l=l), typed)
for i, typed in [(ISTRIP, b'\xe1\xe2\n'), (IUCLC, b'ABC\n'), (IXON | IXANY, b'a\x13bxc\n'), (IXON, b'a\x13b\x03c\x11d\n'), (0, b'a\x13b\x11c\n')]:
    case(with_(i=i | ICRNL), typed)
case(STD, b'a;b;c\n', eol=ord(';'))
case(STD, b'a;\x7f;\n', eol=ord(';'))
for vmin in [1, 3, 5]:
    case((0, 0, 0), b'abcd', vmin=vmin)
case((0, 0, 0), b'\x03\x04\x1a\x7f\r\n', vmin=1)
case((0, OPOST | ONLCR, t.ISIG | t.ECHO), b'a\x03b\n', vmin=1)
case(with_(l=L & ~t.ICANON), b'ab\x7f\x15\x16\x03c\n', vmin=1)
