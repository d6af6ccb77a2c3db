package equivalent

import (
	"path"
	"slices"
	"strings"
)

// unnamedVolumes returns the paths of a container for which its document b asks for a
// volume without a name, and uses them: clients say each path again at which a bind, a
// mount or a file system in memory stands, where the daemon makes no volume.
func unnamedVolumes(b *value) []string {
	h := b.get("HostConfig")
	var taken []string
	for _, bind := range h.get("Binds").elements() {
		taken = append(taken, bind.text)
	}
	for _, m := range h.elements("Mounts") {
		if target := m.get("Target"); target != nil {
			taken = append(taken, path.Clean(target.text))
		}
	}
	for _, m := range h.members("Tmpfs") {
		taken = append(taken, path.Clean(m.name))
	}
	return slices.DeleteFunc(b.keys("Volumes"), func(at string) bool {
		at = path.Clean(at)
		return slices.ContainsFunc(taken, func(t string) bool {
			return strings.Contains(":"+cleanBind(t), ":"+at+":")
		})
	})
}

// cleanBind returns "source:target:mode" with colons around the target, which has no
// slash at its end.
func cleanBind(bind string) string {
	return strings.ReplaceAll(bind+":", "/:", ":")
}
