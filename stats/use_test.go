package stats

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// usesOf lists uses as text.
func usesOf(r *Report) string {
	var all []string
	for _, u := range r.Uses {
		all = append(all, strings.TrimSpace(strconv.Itoa(u.Client)+" "+u.Version+" "+u.Operation+" "+u.argument())+"="+strconv.FormatInt(u.Count, 10))
	}
	return strings.Join(all, "\n")
}

// document is one that the request of x has.
func document(x *wire.Exchange, text string) *wire.Message {
	return &wire.Message{Meta: wire.Meta{Conn: x.Conn, Exchange: x.Exchange}, Kind: wire.KindJSON, Data: []byte(text), Size: int64(len(text))}
}

// TestUses: operations, parameters and fields are counted by client and version.
func TestUses(t *testing.T) {
	target := func(s string) func(*wire.Exchange) { return func(x *wire.Exchange) { x.Request.Target = s } }
	s := New()
	tell := func(ev wire.Event, x *wire.Exchange) {
		t.Helper()
		if err := s.Event(ev, x); err != nil {
			t.Fatal(err)
		}
	}
	create := call("ContainerCreate", 0, 1, target("/v1.41/containers/create?platform=linux%2Farm64&name=a"))
	tell(document(create, `{"MacAddress":"02:42:ac:11:00:02","HostConfig":{"KernelMemory":0,"CgroupnsMode":"","Mounts":[{"Type":"volume","VolumeOptions":{"Subpath":"x"}},{"VolumeOptions":{"Subpath":"y"}}],"Annotations":{}},`+
		`"NetworkingConfig":{"EndpointsConfig":{"net a":{"GwPriority":5},"b":{"MacAddress":null}}}}`), create)
	tell(create, create)
	list := call("ImageList", 2, 3, target("/v1.40/images/json?filter=a"), versioned("1.40"))
	tell(list, list)
	tell(list, list)
	other := call("ImageList", 4, 5, target("/images/json"), versioned(""), agent("x"))
	tell(other, other)
	unknown := call("", 5, 6, target("/x?filter=a"), agent("x"))
	tell(unknown, unknown)
	want := `0 1.41 ContainerCreate=1
0 1.41 ContainerCreate .HostConfig.Mounts.VolumeOptions.Subpath=1
0 1.41 ContainerCreate .MacAddress=1
0 1.41 ContainerCreate .NetworkingConfig.EndpointsConfig.*.GwPriority=1
0 1.41 ContainerCreate ?platform=1
0 1.40 ImageList=2
0 1.40 ImageList ?filter=2
1  ImageList=1`
	r := s.Report()
	if got := usesOf(r); got != want || r.OtherUses != 0 {
		t.Errorf("got\n%s\nwant\n%s\nand %d", got, want, r.OtherUses)
	}
	if len(s.uses.read) != 0 {
		t.Errorf("remembered: %v", s.uses.read)
	}
}

// TestUnusedDocuments: what is no document of a request is not looked at, and what is none
// at all does no harm.
func TestUnusedDocuments(t *testing.T) {
	const text = `{"MacAddress":"02:42:ac:11:00:02"}`
	for name, edit := range map[string]func(*wire.Message){
		"an answer":     func(m *wire.Message) { m.Dir = wire.ToClient },
		"a second":      func(m *wire.Message) { m.Index = 1 },
		"another kind":  func(m *wire.Message) { m.Kind = wire.KindText },
		"not kept":      func(m *wire.Message) { m.Data = nil },
		"cut":           func(m *wire.Message) { m.Data = m.Data[:15] },
		"an array":      func(m *wire.Message) { m.Data = []byte("[[" + text + "]]") },
		"deep":          func(m *wire.Message) { m.Data = []byte(strings.Repeat("[", 1<<20)) },
		"no JSON":       func(m *wire.Message) { m.Data = []byte("\x00") },
		"half a name":   func(m *wire.Message) { m.Data = []byte(`{"`) },
		"another thing": func(m *wire.Message) { m.Data = []byte(`{"HostConfig":{"MacAddress":"x"},"mac_address":"y","":1}`) },
	} {
		x := call("ContainerCreate", 0, 1)
		m := document(x, text)
		edit(m)
		s := New()
		if err := s.Event(m, x); err != nil {
			t.Fatal(err)
		}
		if err := s.Event(x, x); err != nil {
			t.Fatal(err)
		}
		if got := usesOf(s.Report()); got != "0 1.41 ContainerCreate=1" {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
	if err := New().Event(&wire.Message{Kind: wire.KindJSON, Data: []byte(text)}, nil); err != nil {
		t.Error(err)
	}
}

// TestUsesBounded: there is room for so many, and what comes then is counted.
func TestUsesBounded(t *testing.T) {
	s := New()
	for i := range maxUses + 7 {
		x := call(fmt.Sprint("Op", i), i, i+1)
		_ = s.Event(x, x)
	}
	for i := range maxRead + 3 {
		x := call("ContainerCreate", i, i+1, func(x *wire.Exchange) { x.Conn = &wire.Conn{ID: i} })
		_ = s.Event(document(x, `{"MacAddress":"02:42:ac:11:00:02"}`), x)
	}
	if r := s.Report(); len(r.Uses) != maxUses || r.OtherUses != 7+3 || len(s.uses.read) != maxRead {
		t.Errorf("%d uses, %d others, %d remembered", len(r.Uses), r.OtherUses, len(s.uses.read))
	}
}

// TestUsesOfOtherVersions: what there was no room to tell apart by version is left out, and counted; what names
// no version is not.
func TestUsesOfOtherVersions(t *testing.T) {
	s := New()
	for i := range maxVersions + 4 {
		x := call("A", i, i+1, versioned(fmt.Sprint("1.", 20+i)))
		_ = s.Event(x, x)
	}
	x := call("A", 100, 101, versioned(""))
	_ = s.Event(x, x)
	if r := s.Report(); len(r.Uses) != maxVersions+1 || r.Uses[0].Version != "" || r.Uses[0].Count != 1 || r.OtherUses != 4 {
		t.Errorf("%s and %d others", usesOf(r), r.OtherUses)
	}
}

// TestUsesInAnyCase: daemons read the names of members in any case, and with escapes.
func TestUsesInAnyCase(t *testing.T) {
	for _, text := range []string{`{"macaddress":"x"}`, `{"MACADDRESS":"x"}`, `{"\u004dacAddress":"x"}`} {
		s, x := New(), call("ContainerCreate", 0, 1)
		_, _ = s.Event(document(x, text), x), s.Event(x, x)
		if got := usesOf(s.Report()); got != "0 1.41 ContainerCreate=1\n0 1.41 ContainerCreate .MacAddress=1" {
			t.Errorf("%s: got\n%s", text, got)
		}
	}
}

// TestDatedAreTold: the documents are told that have fields of which the versions matter.
func TestDatedAreTold(t *testing.T) {
	seen := 0
	for _, op := range dockerapi.Operations() {
		if dockerapi.DatedFields(op.Name) == nil {
			continue
		}
		seen++
		if op.Tells&dockerapi.InRequest == 0 {
			t.Errorf("%s: its documents are not told", op.Name)
		}
	}
	if seen < 10 {
		t.Errorf("%d operations alone", seen)
	}
}

// TestUnsetFields: what has nothing in it but what was not set is not used; what clients name is.
func TestUnsetFields(t *testing.T) {
	for text, want := range map[string]string{
		`{"HostConfig":{"Mounts":[{"ImageOptions":{"Subpath":""}}]}}`:  "",
		`{"HostConfig":{"DeviceRequests":[{"Count":0,"Options":{}}]}}`: "",
		`{"HostConfig":{"Annotations":{"a":""}}}`:                      ".HostConfig.Annotations=1",
		`{"HostConfig":{"MaskedPaths":[""]}}`:                          ".HostConfig.MaskedPaths=1",
		`{"HostConfig":{"DeviceRequests":[{"Count":-1}]}}`:             ".HostConfig.DeviceRequests=1",
	} {
		s, x := New(), call("ContainerCreate", 0, 1)
		_, _ = s.Event(document(x, text), x), s.Event(x, x)
		if want != "" {
			want = "\n0 1.41 ContainerCreate " + want
		}
		if got := usesOf(s.Report()); got != "0 1.41 ContainerCreate=1"+want {
			t.Errorf("%s: got\n%s", text, got)
		}
	}
}
