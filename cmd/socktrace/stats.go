package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/dockerapi"
)

func newStats(s std) *cobra.Command {
	o, src, engine := newOptions(), source{ownsStdout: true, unhurried: true, captured: true}, ""
	cmd := &cobra.Command{
		Use:   "stats [flags] FILE...",
		Short: "Show which calls were made how often, and how long they took",
		Long: `Add up what recordings and captures hold: for each operation how often it was
called, how often it failed, how long it took and how many bytes it carried; who
asked; which exchanges were the slowest; what had not ended. Calls that last until
something happens, such as waiting for a container, stand apart: their time is not
the daemon's. The files are those that read takes. Which versions of the API clients
ask for is told too, and which releases of Docker Engine take them.

With --engine it says instead what of all that would break with another release of
the engine, and exits with 1 if anything would.

With -f jsonl it is one JSON object. --stats shows the same behind a live trace.`,
		Example: `  socktrace stats session.har
  socktrace stats 'dump*.pcap'
  socktrace stats --engine 29.1 session.har
  socktrace stats -f jsonl trace.jsonl | jq '.operations[] | select(.errors > 0)'
  socktrace run -q --stats -- docker compose up -d`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &failure{code: exitUsage, err: errors.New("stats: no file"), hint: "socktrace stats session.har"}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("engine") {
				e, ok := dockerapi.EngineOf(engine)
				if !ok {
					return &failure{code: exitUsage, err: fmt.Errorf("--engine %q: not known; known are %s", engine, strings.Join(engineSeries(), ", "))}
				}
				o.engine = &e
			}
			return read(o, src, s, args)
		},
	}
	o.showFlags(cmd, src)
	o.keyLogFlag(cmd)
	cmd.Flags().StringVar(&engine, "engine", "", "say what would break with the `RELEASE` of Docker Engine, such as 29.1")
	complete(cmd, "engine", engineSeries()...)
	o.quiet, o.stats = true, true
	for _, name := range []string{"quiet", "stats", "events", "heads", "bodies", "all", "paths", "explain"} {
		_ = cmd.Flags().MarkHidden(name) // it decides nothing here; an unknown one a test would see
	}
	cmd.Flags().Lookup("format").Usage = "write `FORMAT`: text, which is tables, or jsonl, which is one object"
	cmd.Flags().Lookup("output").Usage = "write to `FILE` instead of " + src.output()
	return cmd
}

// engineSeries returns the releases of Docker Engine that are known.
func engineSeries() (all []string) {
	for _, e := range dockerapi.Engines() {
		all = append(all, e.Series)
	}
	return all
}
