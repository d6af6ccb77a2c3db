package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// checkValues refuses values of flags that are empty, as a variable is that is not set, or
// probably the next flag, or the -- in front of a command: the value itself was forgotten. The name of a file begins with a dash
// only if it is written ./-name; - alone is a standard stream. A text may begin as it
// likes.
func checkValues(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		what, _ := pflag.UnquoteUsage(f)
		for _, v := range valuesOf(f.Value) {
			switch {
			case err != nil:
			case v == "" && (wantsName[what] || f.Name == "metrics"): // other addresses have a default
				err = fmt.Errorf("--%s wants a value (%s): it is empty", f.Name, what)
			case what == "FILE" && v != "-" && strings.HasPrefix(v, "-"):
				err = fmt.Errorf("--%s wants a FILE, and not %q (./%s if that is its name)", f.Name, v, v)
			case v == "--" && what != "TEXT":
				err = fmt.Errorf("--%s wants a value (%s), and not %q", f.Name, what, v)
			}
		}
	})
	return err
}

// wantsName are values that are never empty: what was asked for would else be left out, and
// nobody told.
var wantsName = map[string]bool{"FILE": true, "DIR": true, "URL": true, "TARGET": true, "PROXY": true}

// valuesOf returns the values that a flag was given.
func valuesOf(v pflag.Value) []string {
	if all, ok := v.(pflag.SliceValue); ok {
		return all.GetSlice()
	}
	return []string{v.String()}
}
