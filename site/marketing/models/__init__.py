"""The pages that turn a visitor into a workshop on trial, the legal texts, stories, campaigns, A/B tests."""

from .campaigns import CampaignDay
from .experiments import Experiment, ExperimentDay
from .landing import LandingPage
from .legal import LegalPage, LegalVersion
from .pages import HomePage, PricingPage, SignupPage, TopicPage
from .stories import StoriesPage, Story, StoryProposal

__all__ = ["CampaignDay", "Experiment", "ExperimentDay", "HomePage", "LandingPage", "LegalPage", "LegalVersion",
           "PricingPage", "SignupPage", "StoriesPage", "Story", "StoryProposal", "TopicPage"]  # fmt: skip
