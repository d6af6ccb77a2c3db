package risk_test

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/risk"
)

// BenchmarkDocument judges documents of every day, and as costly ones as there are.
func BenchmarkDocument(b *testing.B) {
	const large = 1 << 20
	repeated := func(s string) string { return strings.Repeat(s, large/len(s)) }
	for name, doc := range map[string]string{
		"usual":   host(`"Binds":["data:/data","/srv/www:/www:ro"],"NetworkMode":"app","RestartPolicy":{"Name":"always"},"CapDrop":["ALL"],"Mounts":[{"Type":"volume","Source":"x","Target":"/x"}]`),
		"twice":   host(`"Mounts":[{"Type":"tmpfs","Source":"/etc"}],"Mounts":[{"Type":"bind"}]`),
		"binds":   host(`"Binds":["/x:/x"` + repeated(`,"/etc/x:/x"`) + `]`),
		"members": host(`"a":1` + repeated(`,"a":1`)),
		"mounts":  host(`"Mounts":[]` + repeated(`,"Mounts":[{"Type":"bind"}]`)),
		"list":    host(`"Mounts":[{"Type":"bind","Type":"bind","Source":"/etc"}` + repeated(`,{"Type":"bind","Source":"/etc/y"}`) + `]`),
		"deep":    repeated(`{"a":1,"a":`),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			for b.Loop() {
				risk.Document("ContainerCreate", "", []byte(doc), false, known)
			}
		})
	}
}
