package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/render"
)

func newOperations(s std) *cobra.Command {
	o, asJSON := newOptions(), false
	cmd := &cobra.Command{
		Use:   "operations [flags] [WORD...]",
		Short: "Say what the operations of the API are for",
		Long: `List the operations of the Docker Engine API, of Podman's own API, and the
methods of gRPC that BuildKit, containerd and others have: what traces call them,
how they are asked for, and what for.

Words choose among them: those that a command asks for, if they are one, as in
docker run; else those in which each word is found. The name of one, or its
method and path, tells all about it: what comes back, who asks for it, since
which version it is there, what errors mean, and an example, if one is recorded.`,
		Example: `  socktrace operations
  socktrace operations docker run
  socktrace operations ContainerCreate
  socktrace operations GET /v1.41/containers/abc/json
  socktrace operations --json | jq -r '.[] | select(.until) | .name'`,
		ValidArgsFunction: completeOperations,
		RunE: func(_ *cobra.Command, args []string) error {
			return showOperations(o, s, args, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON: an array, or one object for all about one operation")
	cmd.Flags().StringVar(&o.color, "color", "auto", "colour the output `WHEN`: auto, always or never")
	complete(cmd, "color", "auto", "always", "never")
	return cmd
}

// completeOperations proposes the names of operations.
func completeOperations(_ *cobra.Command, args []string, begun string) (names []cobra.Completion, _ cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for _, e := range explain.All() {
		if len(e.Name) >= len(begun) && strings.EqualFold(e.Name[:len(begun)], begun) {
			names = append(names, cobra.CompletionWithDesc(e.Name, e.Short))
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// showOperations writes what there is to say of what words are about.
func showOperations(o *options, s std, words []string, asJSON bool) error {
	out, err := openOutput(context.Background(), "", s.out, s.err)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	color, err := render.UseColor(o.color, s.getenv, out.terminal)
	if err != nil {
		words := []string{"auto", "always", "never"}
		return &failure{code: exitUsage, err: fmt.Errorf("--color %q: not one of %s%s", o.color, strings.Join(words, ", "), didYouMean(o.color, words))}
	}
	found := explain.Find(words...)
	if len(found) == 0 {
		return noOperation(words)
	}
	for i, e := range found {
		found[i] = withMessages(e)
	}
	one := len(words) > 0 && len(found) == 1
	ro := o.renderOptions(out, color, s.getenv)
	var text []byte
	switch {
	case asJSON:
		text, err = operationsJSON(found, one)
	case one:
		text, err = operationText(found[0], ro)
	default:
		text = render.Operations(found, ro)
	}
	if err == nil {
		_, err = out.Write(text)
	}
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	return nil
}

// noOperation is the failure of words that no operation is about.
func noOperation(words []string) error {
	named := make(map[string]string) // by name in lower case
	var names []string
	for _, e := range explain.All() {
		lower := strings.ToLower(e.Name)
		named[lower], names = e.Name, append(names, lower)
	}
	text, meant := strings.Join(words, " "), ""
	if name := near(strings.ToLower(text), names); name != "" {
		meant = "; did you mean " + named[name] + "?"
	}
	return &failure{code: exitFailed, err: fmt.Errorf("operations: none is about %q%s", text, meant),
		hint: "socktrace operations lists all"}
}

// withMessages returns e with the messages of a method of gRPC.
func withMessages(e *explain.Entry) *explain.Entry {
	if !e.IsGRPC() {
		return e
	}
	m, known := protobuf.Embedded().Method(e.Requests[0].Path)
	if !known {
		return e
	}
	c := *e
	c.Sends, c.Answers = messageWords(m.Input, m.ClientStreams), messageWords(m.Output, m.ServerStreams)
	return &c
}

// messageWords says which messages go one way.
func messageWords(t *protobuf.Type, many bool) string {
	if t == nil {
		return ""
	}
	if many {
		return t.Name() + ", any number"
	}
	return t.Name()
}

// operationsJSON returns operations as an array, or one as an object.
func operationsJSON(list []*explain.Entry, one bool) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	var err error
	if one {
		err = enc.Encode(list[0])
	} else {
		err = enc.Encode(list)
	}
	return b.Bytes(), err
}
