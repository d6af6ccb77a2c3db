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
		Long: `Say what the operations of the Docker Engine API, of Podman's own API, and the
methods of gRPC that BuildKit, containerd and others have are for: what traces
call them, how they are asked for, and what for. Without words it gives an
overview.

Words choose among them: a name, or a pattern with *; a request, as in
GET /v1.41/containers/abc/json, a path alone, or a URL; a command, as in
docker run; a function of docker-py; a group; else words that are in them: a
field or parameter, such as HostConfig.Binds, an exception of docker-py, such
as ImageNotFound, a status, or any other word. Of several it lists the best
first. Of one it tells all: what comes back, who asks for it, since which
version it is there, which parameters and fields it takes, what errors mean,
and an example, if one is recorded.`,
		Example: `  socktrace operations
  socktrace operations docker run
  socktrace operations ContainerCreate
  socktrace operations NetworkMode
  socktrace operations ImageNotFound
  socktrace operations '*Prune'
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
		return &failure{code: exitUsage, err: notOneOf("color", o.color, words)}
	}
	found := explain.Find(words...)
	if len(found) == 0 {
		return noOperation(words)
	}
	for i := range found {
		found[i].Entry = withMessages(found[i].Entry)
	}
	one, all := len(found) == 1, len(found) == len(explain.All())
	alone := all && !strings.Contains(strings.Join(words, ""), "*")
	ro := o.renderOptions(out, color, s.getenv)
	var text []byte
	switch {
	case asJSON:
		text, err = operationsJSON(found, one)
	case one:
		text, err = operationText(found[0].Entry, ro)
	case alone:
		text = render.Overview(explain.All(), ro)
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
	name := near(strings.ToLower(text), names)
	everywhere, known := explain.Everywhere(text)
	switch others := askable(text); {
	case known:
		return &failure{code: exitFailed, err: fmt.Errorf("operations: no operation has a meaning of %s that is its own; with all it is: %s", everywhere.Status, everywhere.Means)}
	case others != "":
		meant = "; did you mean " + others + "?"
	case name != "":
		meant = "; did you mean " + named[name] + "?"
	}
	return &failure{code: exitFailed, err: fmt.Errorf("operations: none is about %q%s", shortened(text), meant),
		hint: "socktrace operations gives an overview"}
}

// askable returns the requests that the path of a request is of, which has another method.
func askable(request string) string {
	words := strings.Fields(request)
	if len(words) < 2 || !strings.Contains(words[1], "/") {
		return ""
	}
	var all []string
	for _, e := range explain.Askable(words[1]) {
		all = append(all, e.Requests[0].Method+" "+e.Requests[0].Path)
	}
	return strings.Join(all, " or ")
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
func operationsJSON(list []explain.Found, one bool) ([]byte, error) {
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
