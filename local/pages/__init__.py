"""Serves the pages on this machine, as Amazon S3 and CloudFront do it on AWS."""
