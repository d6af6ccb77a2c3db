package risk_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/risk"
)

// config is what of a document the Docker Engine decodes, with its types.
type config struct {
	HostConfig *struct {
		Privileged                              bool
		PidMode, NetworkMode                    string
		Binds, CapAdd, SecurityOpt, VolumesFrom []string
		Mounts                                  []struct {
			Type, Source, Target string
			ReadOnly             bool
			VolumeOptions        *struct {
				DriverConfig *struct {
					Name    string
					Options map[string]string
				}
			}
		}
		Devices []struct{ PathOnHost string }
	} `json:",omitempty"`
	NetworkingConfig *struct {
		EndpointsConfig map[string]*struct{ NetworkID string }
	}
}

// marksOf returns the marks of a document that a container is made of.
func marksOf(doc []byte) (marks []string) {
	for _, r := range risk.Document("ContainerCreate", "", doc, false, known) {
		marks = append(marks, r.Mark)
	}
	slices.Sort(marks)
	return slices.Compact(marks)
}

// FuzzMerged: what encoding/json makes of a document has no mark that the document has not.
func FuzzMerged(f *testing.F) {
	for _, d := range dangerous {
		if d.line == create {
			f.Add(d.doc)
		}
	}
	for _, doc := range []string{
		host(`"Mounts":[{"Source":"/etc"},{"Source":"/"}],"Mounts":[{}],"Mounts":[{},{"Type":"bind"}]`),
		host(`"Mounts":[{"Type":"volume","VolumeOptions":{"DriverConfig":{"Options":{"device":"/"}}}}],"mountſ":[{"VolumeOptions":{"DRIVERCONFIG":{"Options":{"o":"bind"},"Options":{"x":"y"}}}}]`),
		`{"HostConfig":{"PidMode":"host"},"HostConfig":{"PidMode":null}}`,
		host(`"Mounts":[{},{"Type":"tmpfs","Source":"."}],"Mounts":[{},{"Type":""}]`),
		`{"HostConfig":null,"HostConfig":{"Binds":["/x:/y","/:/x"]},"hostconfig":{"Binds":[null,null]}}`,
	} {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		var c config
		if json.Unmarshal([]byte(doc), &c) != nil {
			return
		}
		made, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		has := marksOf([]byte(doc))
		for _, mark := range marksOf(made) {
			if !slices.Contains(has, mark) {
				t.Errorf("%s:\n got %q, and encoding/json made %s of it, which is %s", doc, strings.Join(has, " "), made, mark)
			}
		}
	})
}
