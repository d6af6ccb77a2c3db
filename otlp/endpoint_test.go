package otlp

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for _, p := range pairs {
			if key, value, _ := strings.Cut(p, "="); key == name {
				return value
			}
		}
		return ""
	}
}

// TestEndpoints: where signals go to, by the flag and by variables.
func TestEndpoints(t *testing.T) {
	const v = "OTEL_EXPORTER_OTLP_"
	for _, tt := range []struct {
		addr   string
		env    []string
		traces string
		logs   string
		dialed string
	}{
		{"http://h:4318", nil, "http://h:4318/v1/traces", "http://h:4318/v1/logs", "tcp://h:4318"},
		{"http://h:4318/", nil, "http://h:4318/v1/traces", "http://h:4318/v1/logs", "tcp://h:4318"},
		{"http://h:4318/v1/traces", nil, "http://h:4318/v1/traces", "http://h:4318/v1/logs", "tcp://h:4318"},
		{"https://h/base/", nil, "https://h/base/v1/traces", "https://h/base/v1/logs", "tcp://h:443"},
		{"unix:///run/o.sock", nil, "http://localhost/v1/traces", "http://localhost/v1/logs", "unix:///run/o.sock"},
		{"http://h:1", []string{v + "ENDPOINT=http://other", v + "PROTOCOL=grpc"}, "http://h:1/v1/traces", "http://h:1/v1/logs", "tcp://h:1"},
		{"env", []string{v + "ENDPOINT=http://e"}, "http://e/v1/traces", "http://e/v1/logs", "tcp://e:80"},
		{"env", []string{v + "ENDPOINT=http://e/b", v + "TRACES_ENDPOINT=http://t/x"}, "http://t/x", "http://e/b/v1/logs", "tcp://t:80"},
	} {
		all, err := Endpoints(tt.addr, env(tt.env...))
		if err != nil {
			t.Errorf("%s: %v", tt.addr, err)
			continue
		}
		equal(t, tt.addr, all[Traces].URL, tt.traces)
		equal(t, tt.addr, all[Logs].URL, tt.logs)
		equal(t, tt.addr, all[Traces].Address(), tt.dialed)
	}
}

// TestVariables: what else variables say; those for one signal come first.
func TestVariables(t *testing.T) {
	const v = "OTEL_EXPORTER_OTLP_"
	all, err := Endpoints("http://h", env(v+"TIMEOUT=5", v+"LOGS_TIMEOUT=7", v+"COMPRESSION=none", v+"TRACES_COMPRESSION=gzip",
		v+"HEADERS=a=b%20c , d=e=f", v+"PROTOCOL=grpc", v+"TRACES_PROTOCOL=http/protobuf", v+"LOGS_PROTOCOL=http/protobuf", v+"METRICS_PROTOCOL=http/protobuf"))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "timeout", all[Traces].Timeout, 5*time.Millisecond)
	equal(t, "timeout", all[Logs].Timeout, 7*time.Millisecond)
	equal(t, "plain", fmt.Sprint(all[Traces].Plain, all[Logs].Plain), "false true")
	equal(t, "headers", fmt.Sprint(all[Traces].Headers), "[[a b c] [d e=f]]")
	for _, bad := range []string{
		"PROTOCOL=grpc", "PROTOCOL=http/json", "TIMEOUT=0", "TIMEOUT=-1", "TIMEOUT=1s", "COMPRESSION=zstd", "HEADERS=a", "HEADERS=a=%zz", "HEADERS=a b=c", "HEADERS=a=b%0d%0ac",
		"CERTIFICATE=/no/such", "CLIENT_KEY=/no/such", "LOGS_PROTOCOL=grpc",
	} {
		_, err := Endpoints(FromEnvironment, env(v+"ENDPOINT=http://h", v+bad))
		name, _, _ := strings.Cut(bad, "=")
		if err == nil || !strings.Contains(err.Error(), v+name) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// TestResource: who sends; variables say more, and bad ones nothing.
func TestResource(t *testing.T) {
	for _, tt := range []struct {
		env  []string
		want string
		bad  bool
	}{
		{nil, "[[service.name socktrace] [service.version v1] [service.instance.id i] [host.name h]]", false},
		{[]string{"OTEL_RESOURCE_ATTRIBUTES=service.name=a,x=y%2Cz, host.name=o"}, "[[service.name a] [service.version v1] [service.instance.id i] [host.name o] [x y,z]]", false},
		{[]string{"OTEL_RESOURCE_ATTRIBUTES=service.instance.id=one"}, "[[service.name socktrace] [service.version v1] [service.instance.id one] [host.name h]]", false},
		{[]string{"OTEL_SERVICE_NAME=b", "OTEL_RESOURCE_ATTRIBUTES=service.name=a"}, "[[service.name b] [service.version v1] [service.instance.id i] [host.name h]]", false},
		{[]string{"OTEL_RESOURCE_ATTRIBUTES=a=b,c"}, "[[service.name socktrace] [service.version v1] [service.instance.id i] [host.name h]]", true},
		{[]string{"OTEL_RESOURCE_ATTRIBUTES=a=b,c=%"}, "[[service.name socktrace] [service.version v1] [service.instance.id i] [host.name h]]", true},
	} {
		got, err := Resource("h", "i", "v1", env(tt.env...))
		equal(t, fmt.Sprint(tt.env), fmt.Sprint(got), tt.want)
		equal(t, fmt.Sprint(tt.env, err), err != nil, tt.bad)
	}
}

// TestInstance: each start has a UUID of its own, which says that it is random.
func TestInstance(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	a, b := NewInstance(), NewInstance()
	if !form.MatchString(a) || !form.MatchString(b) || a == b {
		t.Errorf("%s and %s", a, b)
	}
}

// TestOwnPorts: only ports that were used are ours.
func TestOwnPorts(t *testing.T) {
	var o ownPorts
	o.add(4000)
	for addr, want := range map[string]bool{"tcp://127.0.0.1:4000": true, "tcp://[::1]:4000": true, "tcp://127.0.0.1:4001": false, "tcp://127.0.0.1:0": false, "": false, "unix:///x": false} {
		equal(t, addr, o.has(addr), want)
	}
}
