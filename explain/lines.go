package explain

import "github.com/socktrace/socktrace/wire"

// Lines returns what an answer means for people, line by line; none if m is nil. What they
// quote of the traffic is not escaped.
//
//	404: The image is not there.
//	docker prints: Unable to find image 'nosuch:1' locally
//	docker-py raises docker.errors.ImageNotFound
//	try: docker pull gets it; docker images lists those that are there
func Lines(m *wire.Meaning) (lines []string) {
	if m == nil {
		return nil
	}
	add := func(before, text string) {
		if text != "" {
			lines = append(lines, before+text)
		}
	}
	add(m.Status+": ", m.Means)
	add("docker prints: ", m.Prints)
	add("docker-py raises ", m.Raises)
	add("try: ", m.Try)
	return lines
}
