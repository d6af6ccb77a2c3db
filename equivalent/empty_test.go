package equivalent

import (
	"strings"
	"testing"
)

// TestKeysSay: a key that a client has chosen says something, even if its value does not.
func TestKeysSay(t *testing.T) {
	for _, c := range []struct {
		target, doc         string
		docker, python, go_ string // are in the calls
	}{
		{"/containers/create", `{"Image":"a","HostConfig":{"Tmpfs":{"/t":""}}}`, "--tmpfs /t ", "tmpfs={'/t': ''}", `Tmpfs: map[string]string{"/t": ""}`},
		{"/containers/create", `{"Image":"a","Labels":{"a":""}}`, "--label a ", "labels={'a': ''}", `Labels: map[string]string{"a": ""}`},
		{"/containers/create", `{"Image":"a","HostConfig":{"LogConfig":{"Type":"","Config":{"a":""}}}}`, "--log-opt a= ", "log_config={'Type': '', 'Config': {'a': ''}}", `Config: map[string]string{"a": ""}`},
		{"/containers/create", `{"Image":"a","Entrypoint":[""]}`, "--entrypoint '' ", "entrypoint=['']", `Entrypoint: []string{""}`},
		{"/volumes/create", `{"Name":"v","Labels":{"a":""},"DriverOpts":{"b":""}}`, "--label a ", "driver_opts={'b': ''}, labels={'a': ''}", `Labels: map[string]string{"a": ""}`},
		{"/networks/create", `{"Name":"n","Labels":{"a":""},"Options":{"b":""}}`, "--label a ", "options={'b': ''}, labels={'a': ''}", `Labels: map[string]string{"a": ""}`},
		{"/build?buildargs=%7B%22A%22%3A%22%22%7D&labels=%7B%22l%22%3A%22%22%7D", "", "--build-arg A= --label l ", "buildargs={'A': ''}, labels={'l': ''}", `map[string]*string{"A": ptr("")}`},
	} {
		x := exchange("POST", "/v1.41"+c.target, c.doc, jsonType)
		for form, want := range map[string]string{"docker": c.docker, "python": c.python, "go": c.go_} {
			got := Named(form).Of(x, Options{})
			if text := flat(joined(got.Text)); !strings.Contains(strings.Join(strings.Fields(text), " ")+" ", want) {
				t.Errorf("%s of %s: got %s, want %s", form, c.doc+c.target, text, want)
			}
			if notes := strings.Join(got.Notes, "\n"); strings.Contains(notes, "without a value") {
				t.Errorf("%s of %s: %s", form, c.doc, notes)
			}
		}
	}
}

// TestEmpty: fields of the API without a value say nothing, and so does the network that a
// container is in anyway. Another network is told.
func TestEmpty(t *testing.T) {
	for doc, want := range map[string]string{
		`{"Image":"a","HostConfig":{"ConsoleSize":[0,0],"LogConfig":{"Type":"","Config":{}},"RestartPolicy":{"Name":"no","MaximumRetryCount":0}}}`:               "",
		`{"Image":"a","HostConfig":{"NetworkMode":"n"},"NetworkingConfig":{"EndpointsConfig":{"n":{"IPAMConfig":{},"Links":null,"Aliases":[],"NetworkID":""}}}}`: "",
		`{"Image":"a","HostConfig":{"NetworkMode":"default"},"NetworkingConfig":{"EndpointsConfig":{"default":{}}}}`:                                             "",
		`{"Image":"a","HostConfig":{"NetworkMode":"n"},"NetworkingConfig":{"EndpointsConfig":{"n":{},"other":{}}}}`:                                              `EndpointsConfig`,
		`{"Image":"a","HostConfig":{"NetworkMode":"n"},"NetworkingConfig":{"EndpointsConfig":{"n":{"Aliases":["a"]}}}}`:                                          `Aliases`,
		`{"Image":"a","NetworkingConfig":{"EndpointsConfig":{"n":{}}}}`:                                                                                          `EndpointsConfig`,
	} {
		got := python(exchange("POST", "/v1.41/containers/create", doc, jsonType), Options{})
		notes := strings.Join(got.Notes, "\n")
		if said := strings.Contains(notes, "Sent too"); said != (want != "") || !strings.Contains(notes, want) {
			t.Errorf("%s: %q", doc, got.Notes)
		}
	}
}
