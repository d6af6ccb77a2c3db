package main

import (
	"testing"

	"github.com/spf13/cobra"
)

// TestMemoryShares divides what the flags ask for.
func TestMemoryShares(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct {
		args                              []string
		all, held, spool, packets, queued int64
	}{
		{nil, 256, 96, 0, 32, 8},
		{[]string{"--har", "x"}, 256, 96, 64, 32, 8},
		{[]string{"--har", "x", "--pcapng", "y"}, 512, 208, 64, 64, 16},
		{[]string{"--har", "x", "--spool", "8M"}, 256, 96, 8, 32, 8},
		{[]string{"--max-body", "100M"}, 1264, 537, 0, 158, 39},
		{[]string{"--max-memory", "64M", "--max-body", "100M"}, 64, 8, 0, 8, 2},
		{[]string{"--max-memory", "256M", "--har", "x", "--pcapng", "y"}, 256, 96, 32, 32, 8},
		{[]string{"--max-memory", "32M"}, 32, 4, 0, 4, 1},
		{[]string{"--max-memory", "100M"}, 100, 19, 0, 12, 3},
	} {
		o, cmd := newOptions(), &cobra.Command{}
		o.showFlags(cmd, source{})
		if err := cmd.ParseFlags(c.args); err != nil {
			t.Fatal(err)
		}
		got := [...]int64{o.memory() / mib, o.heldMemory() / mib, o.spoolMemory(source{}) / mib, int64(o.packetMemory()) / mib, int64(o.queueMemory()) / mib}
		if want := [...]int64{c.all, c.held, c.spool, c.packets, c.queued}; got != want {
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
