"""The suite that any artifact store must pass.

Subclass `ArtifactStoreSuite` in a test module and give it a `url` fixture that names a fresh, empty artifact store:

    class TestMyArtifacts(ArtifactStoreSuite):
        @pytest.fixture
        def url(self, tmp_path):
            return f"mine:///{tmp_path}/artifacts"

Levels say how far an author has come: 1 keeping bytes, 2 giving parts of them, 3 taking them from any source,
4 sharing them between threads and processes, some of which are killed.
"""

from deardiary.backends.memory import MemoryStore
from deardiary.core.stores import ArtifactStore
from deardiary.registry import open_artifacts, scheme_of
from deardiary.schemes import Traits
from deardiary.testing.fetching import FetchingPromises
from deardiary.testing.held import Artifacts
from deardiary.testing.keeping import KeepingPromises
from deardiary.testing.sharing import SharingPromises
from deardiary.testing.taking import TakingPromises


class ArtifactStoreSuite(KeepingPromises, FetchingPromises, TakingPromises, SharingPromises):
    """Everything that an artifact store promises, as tests; a subclass gives the `url` fixture."""

    elsewhere: str = "open_artifacts(url, store=MemoryStore())"
    """How another process opens what `opened` opens here: an expression over `url`."""

    def opened(self, url: str) -> ArtifactStore:
        """Return the artifact store under a URL."""
        return open_artifacts(url, store=MemoryStore())

    def traits_of(self, url: str) -> Traits:
        """Return what the artifact store under a URL promises beyond the contract."""
        return scheme_of(url, "artifacts").traits

    def under_test(self, url: str) -> Artifacts:
        """Return the artifact store under a URL as the tests take it."""
        return Artifacts(lambda: self.opened(url), self.traits_of(url), url, self.elsewhere)
