/** Amazon Web Services: resolvers over captured outputs of the AWS command line. Start at {@link dev.podpath.aws.AwsProvider}. */
@NullMarked
package dev.podpath.aws;

import org.jspecify.annotations.NullMarked;
