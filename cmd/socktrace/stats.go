package main

import (
	"errors"

	"github.com/spf13/cobra"
)

func newStats(s std) *cobra.Command {
	o, src := newOptions(), source{ownsStdout: true, unhurried: true, captured: true}
	cmd := &cobra.Command{
		Use:   "stats [flags] FILE...",
		Short: "Show which calls were made how often, and how long they took",
		Long: `Add up what recordings and captures hold: for each operation how often it was
called, how often it failed, how long it took and how many bytes it carried; who
asked; which exchanges were the slowest; what had not ended. Calls that last until
something happens, such as waiting for a container, stand apart: their time is not
the daemon's. The files are those that read takes.

With -f jsonl it is one JSON object. --stats shows the same behind a live trace.`,
		Example: `  socktrace stats session.har
  socktrace stats 'dump*.pcap'
  socktrace stats -f jsonl trace.jsonl | jq '.operations[] | select(.errors > 0)'
  socktrace run -q --stats -- docker compose up -d`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &failure{code: exitUsage, err: errors.New("stats: no file"), hint: "socktrace stats session.har"}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return read(o, src, s, args) },
	}
	o.showFlags(cmd, src)
	o.keyLogFlag(cmd)
	o.quiet, o.stats = true, true
	for _, name := range []string{"quiet", "stats", "heads", "bodies", "all", "paths", "explain"} {
		_ = cmd.Flags().MarkHidden(name) // it decides nothing here; an unknown one a test would see
	}
	cmd.Flags().Lookup("format").Usage = "write `FORMAT`: text, which is tables, or jsonl, which is one object"
	cmd.Flags().Lookup("output").Usage = "write to `FILE` instead of " + src.output()
	return cmd
}
