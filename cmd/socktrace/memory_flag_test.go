package main

import (
	"runtime/debug"
	"testing"

	"github.com/spf13/cobra"
)

// TestMemoryShares divides what the flags ask for.
func TestMemoryShares(t *testing.T) {
	const kib = 1 << 10
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	for _, c := range []struct {
		args                                                []string
		all, held, spool, packets, queued, notes, collector int64 // in KiB
	}{
		{nil, 262144, 96256, 0, 32768, 8192, 16384, 225280},
		{[]string{"--har", "x"}, 262144, 96256, 65536, 32768, 8192, 16384, 225280},
		{[]string{"--har", "x", "--pcapng", "y"}, 524288, 212992, 65536, 65536, 16384, 32768, 458752},
		{[]string{"--har", "x", "--spool", "8M"}, 262144, 96256, 8192, 32768, 8192, 16384, 225280},
		{[]string{"--max-body", "100M"}, 1294336, 549888, 0, 161792, 40448, 80896, 1132544},
		{[]string{"--max-memory", "64M", "--max-body", "100M"}, 65536, 8192, 0, 8192, 2048, 4096, 28672},
		{[]string{"--max-memory", "256M", "--har", "x", "--pcapng", "y"}, 262144, 96256, 32768, 32768, 8192, 16384, 225280},
		{[]string{"--max-memory", "32M"}, 32768, 4096, 0, 4096, 1024, 2048, 14336},
		{[]string{"--max-memory", "100M"}, 102400, 16384, 0, 12800, 3200, 6400, 65536},
	} {
		o, cmd := newOptions(), &cobra.Command{}
		o.showFlags(cmd, source{})
		if err := cmd.ParseFlags(c.args); err != nil {
			t.Fatal(err)
		}
		held := o.limitMemory()
		got := [...]int64{o.memory() / kib, o.heldMemory() / kib, o.spoolMemory(source{}) / kib, int64(o.packetMemory()) / kib, int64(o.queueMemory()) / kib, o.noteMemory() / kib, debug.SetMemoryLimit(-1) / kib}
		if want := [...]int64{c.all, c.held, c.spool, c.packets, c.queued, c.notes, c.collector}; got != want || held.Left() != o.heldMemory() {
			t.Errorf("%q: %v, want %v", c.args, got, want)
		}
		if got := o.spoolMemory(source{unhurried: true}); got != 0 {
			t.Errorf("%q: %d bytes wait where the source does", c.args, got)
		}
		if err := o.check(source{}); err != nil {
			t.Errorf("%q: %v", c.args, err)
		}
	}
	o := newOptions()
	if o.maxMemory = leastMemory - 1; o.check(source{}) == nil {
		t.Error("less than is of use is taken")
	}
}
