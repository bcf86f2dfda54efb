/**
 * A layer over another disk that writes down every write with its data and its flush and FUA marks,
 * so that the disk can be brought to any state a loss of power could have left. <i>Linux:</i>
 * dm-log-writes, whose log format the file has.
 *
 * <p>Main types: {@link dev.svc0.fs.logwrites.LogWrites} (the layer), {@link
 * dev.svc0.fs.logwrites.WriteLog} (where entries go: a list in memory, or a file), {@link
 * dev.svc0.fs.logwrites.PowerCut} (the states in which a loss of power can leave the disk, each of
 * them a {@link dev.svc0.fs.logwrites.CrashState}).
 *
 * <p>A write is in the log when it is complete and a later flush is; until then it stands among the
 * unflushed ones, which a loss of power may lose in any combination. One with FUA is in the log as
 * soon as it is complete.
 */
@NullMarked
package dev.svc0.fs.logwrites;

import org.jspecify.annotations.NullMarked;
