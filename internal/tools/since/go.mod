module github.com/socktrace/socktrace/internal/tools/since

go 1.26.0

require (
	github.com/moby/moby/api v1.56.1
	gopkg.in/yaml.v3 v3.0.1
)
