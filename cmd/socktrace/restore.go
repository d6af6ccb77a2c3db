package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/intercept"
)

func newRestore(s std) *cobra.Command {
	return &cobra.Command{
		Use:   "restore SOCKET",
		Short: "Give a daemon its socket back after a kill",
		Long: `Give a daemon's socket back that a socktrace listen --in-place was in the place
of and could not give back, since it was killed. Sockets that somebody listens on
are not touched, but for giving the daemon's the name that it had. Where there is
nothing to do, nothing is done. See socktrace help in-place.`,
		Example: `  sudo socktrace restore /var/run/docker.sock`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return nil
			}
			return &failure{code: exitUsage, err: fmt.Errorf("restore: want the path of one socket, have %d arguments", len(args)),
				hint: "socktrace restore /var/run/docker.sock"}
		},
		RunE: func(_ *cobra.Command, args []string) error { return restore(args[0], s) },
	}
}

// restore runs the command.
func restore(socket string, s std) error {
	path, err := inPlacePath(socket)
	if err != nil {
		return &failure{code: exitUsage, err: err}
	}
	did, err := intercept.Restore(path)
	if err != nil {
		return inPlaceFailure(path, err)
	}
	if did == "" {
		did = "nothing to restore"
	}
	if _, err := fmt.Fprintf(s.out, "%s: %s\n", path, did); err != nil {
		return &failure{code: exitFailed, err: err}
	}
	return nil
}
